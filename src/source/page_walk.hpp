#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <unordered_set>

#include "net/http.hpp"
#include "source/page_body.hpp"
#include "weir/value.hpp"

namespace weir {

/// What leads from a page to the next one.
enum class next_page : std::uint8_t {
  link,    ///< the answer's `Link` header
  url,     ///< a URL in the body
  cursor,  ///< a text in the body, which goes into a parameter
  page,    ///< a parameter that counts pages
  offset,  ///< a parameter that counts records
};

struct page_walk_options {
  std::string url = {};
  next_page by = next_page::link;
  field_path cursor = {};  ///< of the URL or the cursor in the body
  field_path more = {};    ///< of what says that there are more pages; empty if nothing does
  std::string parameter = {};
  std::uint64_t first_page = 1;  ///< its number, unless the URL has one
  bool stop_at_empty = false;    ///< numbers always do
  std::optional<std::uint64_t> max_pages = {};
};

/// The way through the pages of an API: where the page at hand is, and which one comes next. No
/// I/O.
class page_walk {
 public:
  explicit page_walk(page_walk_options how) : how_(std::move(how)) {}

  /// Of the page at hand.
  std::string url() const;
  /// Whether that is at the place that the user named, so that his credentials may go there.
  bool at_home() const { return same_origin_as_first_; }
  /// By what another walk finds the page at hand: a number, a cursor or a URL; empty for the first.
  const std::string& place() const noexcept { return place_; }
  void go_to(std::string place);

  /// Goes on behind the page at hand, which `answer` brought. False if it was the last one. Else
  /// why there is no way on, in words for the user: above all, a page that was there already.
  std::expected<bool, std::string> go_on(const http_response& answer, const page_body& page);
  /// Why the only page may not be the only one, in words for the user: what should lead on is not
  /// in it, which a wrong path looks like, too. Empty if nothing speaks against it.
  const std::string& doubt() const noexcept { return doubt_; }

 private:
  bool counts() const noexcept {
    return how_.by == next_page::page || how_.by == next_page::offset;
  }
  std::uint64_t number() const;
  std::expected<std::string, std::string> place_behind(const http_response& answer,
                                                       const page_body& page) const;
  std::expected<std::string, std::string> led_to(const http_response& answer,
                                                 const std::string& target) const;
  bool ends_with(const page_body& page);
  std::expected<std::string, std::string> text_at_cursor(const page_body& page) const;
  bool is_first() const noexcept { return place_.empty(); }
  std::string doubt_about(const http_response& answer, const page_body& page) const;

  page_walk_options how_;
  std::string place_;
  bool same_origin_as_first_ = true;
  std::uint64_t pages_ = 0;
  std::uint64_t last_body_ = 0;
  std::string doubt_;
  std::unordered_set<std::uint64_t> seen_;  ///< hashes of the latest pages' URLs
};

}  // namespace weir
