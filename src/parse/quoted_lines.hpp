#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "parse/csv_fields.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Lines of a table belong together while a quoted field is open, but no more than so many, and
/// only if they have as many fields as the table has columns where that is known: else the quote is
/// a stray one.
class quoted_lines final : public line_rule {
 public:
  static constexpr std::size_t any_columns = 0;

  explicit quoted_lines(csv_format how,
                        std::size_t most_lines = std::numeric_limits<std::size_t>::max(),
                        std::size_t columns = any_columns)
      : how_(std::move(how)), most_lines_(most_lines), columns_(columns) {}

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
  bool belong(std::span<const record> lines) const override {
    if (columns_ == any_columns) return true;
    std::string text;
    for (const record& r : lines) {
      if (r.is_live()) text.append(r.text()) += '\n';
    }
    text.pop_back();
    csv_fields fields(text, how_);
    std::size_t count = 0;
    for (csv_field f; fields.next(f);) ++count;
    return fields.fault().is_keep() && count == columns_;
  }

 private:
  csv_format how_;
  std::size_t most_lines_;
  std::size_t columns_;
  csv_quotes quotes_{how_};
  std::size_t lines_ = 0;  ///< of the record at hand
};

}  // namespace weir
