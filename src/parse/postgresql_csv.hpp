#pragma once
#include <memory>
#include <string>

#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Which lines of PostgreSQL's log as CSV belong together: those of a quoted field.
std::unique_ptr<line_rule> postgresql_csv_rule();

/// Reads such a record, whose fields have the names that those of postgresql_log have.
class postgresql_csv_parser final : public line_parser {
 public:
  verdict parse(std::string_view text, field_list& out) override;

 private:
  std::string scratch_;
};

}  // namespace weir
