#pragma once
#include <cstddef>
#include <limits>
#include <utility>

#include "parse/csv_fields.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Lines of a table belong together while a quoted field is open, but no more than so many: a stray
/// quote ends there.
class quoted_lines final : public line_rule {
 public:
  explicit quoted_lines(csv_format how,
                        std::size_t most_lines = std::numeric_limits<std::size_t>::max())
      : how_(std::move(how)), most_lines_(most_lines) {}

  place next(const record& line) override {
    if (lines_ == most_lines_) reset();
    const bool joins = quotes_.open();
    lines_ = joins ? lines_ + 1 : 1;
    quotes_.take(line.text());
    return {.joins = joins, .open = quotes_.open()};
  }
  void reset() override {
    quotes_.reset();
    lines_ = 0;
  }

 private:
  csv_format how_;
  std::size_t most_lines_;
  csv_quotes quotes_{how_};
  std::size_t lines_ = 0;  ///< of the record at hand
};

}  // namespace weir
