#pragma once
#include <memory>

#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Which lines of PostgreSQL's log belong together: a message with what DETAIL, HINT, STATEMENT and
/// the like add to it, and the lines that PostgreSQL indents by a tab because they go on.
std::unique_ptr<line_rule> postgresql_rule();

/// Reads such a record. What its further lines say are fields by their names: detail, statement.
class postgresql_parser final : public line_parser {
 public:
  verdict parse(std::string_view text, field_list& out) override;
};

}  // namespace weir
