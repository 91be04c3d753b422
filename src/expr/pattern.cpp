#include "expr/pattern.hpp"

#include "base/pattern_hint.hpp"

namespace weir::expr {

std::uint32_t add_pattern(tree& t, const node& n, reporter& report) {
  const value* const text = t.text_constant(n);
  if (!text) {
    report.error("a pattern has to be a constant text", n.where, "write it as '...'");
    return none;
  }
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_unique<RE2>(text->text, options);
  if (!compiled->ok()) {
    report.error("bad pattern: " + compiled->error(), n.where, pattern_hint(text->text));
    return none;
  }
  t.patterns.push_back(std::move(compiled));
  return static_cast<std::uint32_t>(t.patterns.size() - 1);
}

}  // namespace weir::expr
