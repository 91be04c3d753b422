#include "expr/simplify.hpp"

#include <algorithm>

#include "expr/evaluate.hpp"
#include "expr/functions.hpp"

namespace weir::expr {
namespace {

bool depends_on_record(const node& n) noexcept {
  return n.what == op::field || n.what == op::special || n.what == op::level;
}

bool folds(const tree& t, const node& n) {
  if (n.what == op::constant || depends_on_record(n)) return false;
  if (n.what == op::call && !functions()[n.item].folds) return false;
  return std::ranges::all_of(t.children(n),
                             [&](std::uint32_t c) { return t.is_constant(t.nodes[c]); });
}

/// A value whose text the tree owns.
value owned(tree& t, value v, scratch& s) {
  if (v.type == kind::string) return value::of(t.keep(std::string{s.content(v)}));
  if (!v.text.empty()) v.text = t.keep(std::string{v.text});
  return v;
}

void fold(tree& t, node& n) {
  scratch s;
  const value v = owned(t, evaluator{t, nullptr, s}.value_of(n), s);
  n = {.what = op::constant, .type = n.type, .item = t.add_constant(v), .where = n.where};
}

bool is_field(const node& n) noexcept {
  return n.what == op::field;
}

bool are_texts(const tree& t, std::span<const std::uint32_t> ids) {
  return std::ranges::all_of(
      ids, [&](std::uint32_t c) { return t.text_constant(t.nodes[c]) != nullptr; });
}

void make_text_set(tree& t, node& n, std::span<const std::uint32_t> members, bool negated) {
  std::vector<std::string> texts;
  for (const std::uint32_t c : members) texts.emplace_back(t.constant(t.nodes[c]).text);
  t.sets.emplace_back(std::move(texts));
  n.item = t.child(n, 0).item;
  n.pattern = static_cast<std::uint32_t>(t.sets.size() - 1);
  n.negated = negated;
  n.what = op::field_in_texts;
}

void specialise_comparison(tree& t, node& n) {
  const auto what = static_cast<comparison>(n.detail);
  const node& right = t.child(n, 1);
  if (!is_field(t.child(n, 0)) || !t.is_constant(right)) return;
  if (t.constant(right).type == kind::integer) {
    n.pattern = right.item;
    n.item = t.child(n, 0).item;
    n.what = op::field_compare_integer;
  } else if (t.text_constant(right) &&
             (what == comparison::equal || what == comparison::not_equal)) {
    make_text_set(t, n, t.children(n).subspan(1), what == comparison::not_equal);
  }
}

void specialise_membership(tree& t, node& n) {
  const auto members = t.children(n).subspan(1);
  if (is_field(t.child(n, 0)) && are_texts(t, members)) make_text_set(t, n, members, n.negated);
}

}  // namespace

void simplify(tree& t) {
  for (node& n : t.nodes) {
    if (folds(t, n)) fold(t, n);
    if (n.what == op::compare) specialise_comparison(t, n);
    if (n.what == op::in) specialise_membership(t, n);
  }
}

}  // namespace weir::expr
