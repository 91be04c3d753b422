#pragma once
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "weir/record.hpp"

namespace weir {

/// Where a page begins in the walk's stream of records, and by what it is found again.
struct page_mark {
  position begin;
  std::string place;
};

/// What a checkpoint keeps of a mark, and back; a token that is none is the first page.
std::string to_token(const page_mark& mark);
page_mark mark_in(std::string_view token);

/// The pages from the latest checkpoint on. Safe to use from several threads.
class page_marks {
 public:
  void clear();
  /// A page with records begins behind those noted before.
  void note(page_mark page);
  /// The token of the page that leads to `at`: it begins there, or before. Forgets the pages before
  /// it.
  std::string token_at(position at);

 private:
  std::mutex mutex_;
  std::deque<page_mark> marks_;
};

}  // namespace weir
