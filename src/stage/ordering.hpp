#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "expr/program.hpp"
#include "weir/batch.hpp"
#include "weir/component.hpp"

namespace weir {

/// `by EXPR [asc|desc], ...`: how records compare. One thread at a time.
class ordering {
 public:
  struct key {
    expr::program value;
    bool descending;
    std::string text;  ///< as it was written
  };
  ordering(std::vector<key> keys, std::int64_t now_ns)
      : keys_(std::move(keys)), memory_(now_ns), texts_(keys_.size()) {}

  /// The live records of `b` by their places in `all()`, in order. Equal ones keep the order in
  /// which they came; null and missing come last; values of different kinds are ordered by kind.
  std::vector<std::uint32_t> sorted(batch& b);
  /// What `sorted` needs for each record, besides the text of its keys, which goes into the batch.
  std::size_t bytes_for_each() const noexcept;
  /// The keys that were numbers written as text, of different lengths, in every record that had
  /// them: as text 10 comes before 9.
  std::vector<std::string> numbers_in_texts() const;

 private:
  void add_keys(batch& b, const record& r, std::vector<value>& keys);
  bool comes_before(const value* a, const value* b, bool otherwise);
  int compare(const value& a, const value& b);

  /// What is known of the values of one key.
  struct text_sight {
    std::size_t length = 0;  ///< of one of them
    bool all_numbers = true;
    bool of_different_lengths = false;

    void look(const value& v) noexcept;
  };

  std::vector<key> keys_;
  expr::scratch memory_;
  std::vector<text_sight> texts_;
};

/// Reads the clauses of an ordering; `descending` is what holds where no direction is written.
std::vector<ordering::key> read_ordering(const std::vector<clause>& by, bool descending,
                                         reporter& report);

}  // namespace weir
