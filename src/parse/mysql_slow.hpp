#pragma once
#include <memory>

#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Which lines of MySQL's slow query log belong together: those that begin with `# ` and tell of a
/// statement, and the statement. What a server writes when it opens the log is no record.
std::unique_ptr<line_rule> mysql_slow_rule();

/// Reads such a record.
class mysql_slow_parser final : public line_parser {
 public:
  verdict parse(std::string_view text, field_list& out) override;
};

}  // namespace weir
