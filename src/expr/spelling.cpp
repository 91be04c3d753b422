#include "expr/spelling.hpp"

#include "expr/lexer.hpp"

namespace weir::expr {

std::optional<std::string> evenly_spaced(std::string_view expression) {
  const located_text source{std::string{expression}, {0, expression.size()}};
  reporter report;
  std::string out;
  for (const token& t : read_tokens(source, report)) {
    if (t.type == token::kind::end) break;
    if (!out.empty()) out += ' ';
    out += expression.substr(t.where.offset, t.where.length);
  }
  if (!report.ok()) return std::nullopt;
  return out;
}

}  // namespace weir::expr
