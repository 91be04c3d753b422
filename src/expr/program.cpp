#include "expr/program.hpp"

#include <algorithm>

#include "expr/check.hpp"
#include "expr/evaluate.hpp"
#include "expr/parser.hpp"
#include "expr/simplify.hpp"

namespace weir::expr {
namespace {

std::optional<program> compile_as(const located_text& source, bool condition, reporter& report) {
  // Other parts of the pipeline may have been reported; here only this one's own errors count.
  reporter own;
  auto parsed = parse(source, own);
  if (parsed) check(*parsed, own);
  if (parsed && condition) check_condition(parsed->nodes[parsed->root], own);
  for (const diagnostic& d : own.found()) {
    d.warning ? report.warn(d.message, d.where, d.hint) : report.error(d.message, d.where, d.hint);
  }
  if (!own.ok()) return std::nullopt;
  simplify(*parsed);
  return program{std::move(parsed)};
}

}  // namespace

value program::evaluate(const record& r, scratch& s) const {
  return evaluator{*tree_, &r, s}.value_of(tree_->nodes[tree_->root]);
}

// The commonest condition goes its own way: the general one saves a dozen registers first.
truth program::test(const record& r, scratch& s) const {
  s.reset();
  const node& root = tree_->nodes[tree_->root];
  const evaluator e{*tree_, &r, s};
  if (root.what == op::field_in_texts) return negate_if(root.negated, e.field_in_texts(root));
  return e.test(root);
}

const value* program::constant() const noexcept {
  const node& root = tree_->nodes[tree_->root];
  return tree_->is_constant(root) ? &tree_->constant(root) : nullptr;
}

std::vector<field_path> program::fields() const {
  std::vector<field_path> named;
  for (std::uint32_t i = 0; i < tree_->paths.size(); ++i) {
    const auto names_it = [i](const node& n) { return n.what == op::field && n.item == i; };
    if (std::ranges::any_of(tree_->nodes, names_it)) named.push_back(tree_->paths[i]);
  }
  return named;
}

bool program::uses_usual_fields() const noexcept {
  return std::ranges::any_of(tree_->nodes, [](const node& n) {
    return n.what == op::level ||
           (n.what == op::special && (n.item == static_cast<std::uint32_t>(special_field::level) ||
                                      n.item == static_cast<std::uint32_t>(special_field::time)));
  });
}

bool program::uses_level() const noexcept {
  return std::ranges::any_of(tree_->nodes, [](const node& n) {
    return n.what == op::level ||
           (n.what == op::special && n.item == static_cast<std::uint32_t>(special_field::level));
  });
}

std::optional<program> compile(const located_text& source, reporter& report) {
  return compile_as(source, false, report);
}

std::optional<program> compile_condition(const located_text& source, reporter& report) {
  return compile_as(source, true, report);
}

condition_fields fields_of(const program& condition, text_span where) {
  return {.fields = condition.fields(), .level = condition.uses_level(), .where = where};
}

}  // namespace weir::expr
