#include <array>

#include "expr/descent.hpp"

namespace weir::expr {
namespace {

struct sign_meaning {
  std::string_view sign;
  comparison means;
};
constexpr std::array<sign_meaning, 8> comparisons{{{"=", comparison::equal},
                                                   {"==", comparison::equal},
                                                   {"!=", comparison::not_equal},
                                                   {"<>", comparison::not_equal},
                                                   {"<", comparison::less},
                                                   {"<=", comparison::less_equal},
                                                   {">", comparison::greater},
                                                   {">=", comparison::greater_equal}}};

}  // namespace

node_id descent::comparison_of() {
  node_id left = additive();
  bool compared = false;
  for (;;) {
    if (broken_) return left;
    const token t = peek();
    if (at_word("is")) {
      left = is_test(left);
      continue;
    }
    const std::size_t before = at_;
    const node_id found = one_comparison(left);
    if (found == none) return left;
    if (compared) fail("comparisons do not chain", t.where, "join two of them with `and`");
    if (at_ == before) return left;
    left = found;
    compared = true;
  }
}

node_id descent::one_comparison(node_id left) {
  for (const sign_meaning& c : comparisons) {
    if (at_sign(c.sign)) return sign_comparison(left, c.means);
  }
  if (at_sign("=~")) correct(peek(), "write `~`");
  if (at_sign("~*")) correct(peek(), "write `~`; a pattern that begins with (?i) ignores case");
  if (at_sign("~") || at_sign("!~") || at_sign("=~") || at_sign("~*")) return match(left);
  const bool negated = at_word("not");
  const token& word = negated ? ahead() : peek();
  const bool known = is_word(word, "in") || is_word(word, "like") || is_word(word, "between");
  if (!known) return none;
  if (negated) next();
  if (take_word("in")) return membership(left, negated);
  if (take_word("like")) return like(left, negated);
  next();
  return between(left, negated);
}

node_id descent::sign_comparison(node_id left, comparison means) {
  const token sign = next();
  if (sign.text == "==") correct(sign, "write `=`");
  const node_id right = additive();
  if (broken_) return left;
  if (const node_id level = level_comparison(left, means, right); level != none) {
    forget_severity(left);
    forget_severity(right);
    return level;
  }
  return add({.what = op::compare,
              .detail = static_cast<std::uint8_t>(means),
              .where = cover(where(left), where(right))},
             {left, right});
}

node_id descent::match(node_id left) {
  const bool negated = next().text == "!~";
  const node_id right = additive();
  if (broken_) return left;
  node n{.what = op::match, .negated = negated, .where = cover(where(left), where(right))};
  n.item = pattern(right);
  return add(n, {left});
}

node_id descent::membership(node_id left, bool negated) {
  nodes all{left};
  if (at_sign("[")) {
    fail("unexpected `[`", peek().where, "a list goes between parentheses: `x in (1, 2)`");
    return left;
  }
  if (!expect_sign("(")) return left;
  list(all);
  if (all.size() == 1) fail("the list of `in` is empty", last_span());
  return add({.what = op::in, .negated = negated, .where = since(where(left))}, all);
}

node_id descent::like(node_id left, bool negated) {
  nodes all{left, additive()};
  if (!broken_ && take_word("escape")) all.push_back(additive());
  return add({.what = op::like, .negated = negated, .where = since(where(left))}, all);
}

node_id descent::between(node_id left, bool negated) {
  const node_id low = additive();
  if (!broken_) expect_word("and");
  const node_id high = broken_ ? nothing() : additive();
  if (broken_) return left;
  const text_span all = since(where(left));
  const node_id from = level_comparison(left, comparison::greater_equal, low);
  const node_id to = level_comparison(left, comparison::less_equal, high);
  if (from == none || to == none) {
    return add({.what = op::between, .negated = negated, .where = all}, {left, low, high});
  }
  forget_severity(low);
  forget_severity(high);
  const node_id both = add({.what = op::both, .where = all}, {from, to});
  return negated ? add({.what = op::negation, .where = all}, {both}) : both;
}

node_id descent::is_test(node_id left) {
  next();
  const bool negated = take_word("not");
  node n{.negated = negated, .where = where(left)};
  if (take_word("null"))
    n.what = op::is_null;
  else if (take_word("missing"))
    n.what = op::is_missing;
  else if (take_word("true"))
    n.what = op::is_true;
  else if (take_word("false"))
    n.what = op::is_false;
  else
    unexpected("`null`, `missing`, `true` or `false`");
  n.where = since(where(left));
  return add(n, {left});
}

}  // namespace weir::expr
