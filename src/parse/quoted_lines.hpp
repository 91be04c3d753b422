#pragma once
#include <utility>

#include "parse/csv_fields.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Lines of a table belong together while a quoted field is open.
class quoted_lines final : public line_rule {
 public:
  explicit quoted_lines(csv_format how) : how_(std::move(how)) {}

  place next(const record& line) override {
    const bool joins = quotes_.open();
    quotes_.take(line.text());
    return {.joins = joins, .open = quotes_.open()};
  }
  void reset() override { quotes_.reset(); }

 private:
  csv_format how_;
  csv_quotes quotes_{how_};
};

}  // namespace weir
