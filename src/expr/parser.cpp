#include "expr/parser.hpp"

#include "expr/descent.hpp"
#include "expr/functions.hpp"

namespace weir::expr {

std::unique_ptr<tree> descent::run() {
  tree_->root = expression();
  if (!broken_ && peek().type != token::kind::end) trailing();
  return std::move(tree_);
}

node_id descent::add(node n, const nodes& children) {
  n.first_child = static_cast<std::uint32_t>(tree_->links.size());
  n.child_count = static_cast<std::uint32_t>(children.size());
  for (const node_id c : children) {
    n.depth =
        std::max<std::uint16_t>(n.depth, static_cast<std::uint16_t>(tree_->nodes[c].depth + 1));
    tree_->links.push_back(c);
  }
  if (n.depth > max_depth)
    fail("the expression is nested too deeply", n.where, "use `in (...)`, or several stages");
  tree_->nodes.push_back(n);
  return static_cast<node_id>(tree_->nodes.size() - 1);
}

node_id descent::expression() {
  if (++level_ > max_depth) fail("the expression is nested too deeply", peek().where);
  const node_id result = broken_ ? nothing() : disjunction();
  --level_;
  return result;
}

bool descent::take_or() {
  if (at_sign("||")) {
    correct(next(), "write `or`; texts are joined by concat(a, b)");
    return true;
  }
  return take_word("or");
}

bool descent::take_and() {
  if (at_sign("&&")) {
    correct(next(), "write `and`");
    return true;
  }
  return take_word("and");
}

node_id descent::disjunction() {
  return chain(op::either, [this] { return conjunction(); }, [this] { return take_or(); });
}

node_id descent::conjunction() {
  return chain(op::both, [this] { return inversion(); }, [this] { return take_and(); });
}

node_id descent::inversion() {
  const token first = peek();
  if (at_sign("!")) {
    correct(next(), "write `not`");
  } else if (!take_word("not")) {
    return comparison_of();
  }
  if (++level_ > max_depth) fail("the expression is nested too deeply", first.where);
  const node_id operand = broken_ ? nothing() : inversion();
  --level_;
  return add({.what = op::negation, .where = since(first.where)}, {operand});
}

node_id descent::additive() {
  node_id left = multiplicative();
  while (!broken_ && (at_sign("+") || at_sign("-"))) {
    const bool minus = next().text == "-";
    left = peek().type == token::kind::duration
               ? shifted(left, minus)
               : binary(minus ? op::subtract : op::add, left, multiplicative());
  }
  return left;
}

node_id descent::shifted(node_id time, bool back) {
  const token duration = next();
  const node_id by = add_text((back ? "-" : "") + duration.text, duration.where);
  node n{.what = op::call, .where = cover(where(time), duration.where)};
  n.item = index_of(*find_function("time_add"));
  return add(n, {time, by});
}

node_id descent::multiplicative() {
  node_id left = unary();
  while (!broken_) {
    if (take_sign("*"))
      left = binary(op::multiply, left, unary());
    else if (take_sign("/"))
      left = binary(op::divide, left, unary());
    else if (take_sign("%"))
      left = binary(op::modulo, left, unary());
    else
      break;
  }
  return left;
}

node_id descent::binary(op what, node_id left, node_id right) {
  return add({.what = what, .where = cover(where(left), where(right))}, {left, right});
}

node_id descent::unary() {
  const token sign = peek();
  if (!take_sign("-")) return primary();
  // The smallest integer has no positive twin, so the sign belongs to the literal.
  if (peek().type == token::kind::number) return number("-" + next().text, since(sign.where));
  if (++level_ > max_depth) fail("the expression is nested too deeply", sign.where);
  const node_id operand = broken_ ? nothing() : unary();
  --level_;
  return add({.what = op::minus, .where = since(sign.where)}, {operand});
}

node_id descent::number(std::string digits, text_span where) {
  return add_constant(read_json(tree_->keep(std::move(digits))), where);
}

node_id descent::primary() {
  const token t = peek();
  switch (t.type) {
    case token::kind::number:
      next();
      return number(t.text, t.where);
    case token::kind::text:
      next();
      return add_text(t.text, t.where);
    case token::kind::quoted_name:
      return path();
    case token::kind::name:
      return named_primary(t);
    case token::kind::duration:
      fail("`" + t.text + "` is a duration", t.where,
           "it stands after a time: `now() - " + t.text + "`; quote it if it is a text");
      return nothing();
    case token::kind::sign:
      if (t.text == "(") return parenthesised();
      break;
    case token::kind::end:
    case token::kind::wrong:
      break;
  }
  unexpected("a value");
  return nothing();
}

node_id descent::parenthesised() {
  next();
  const node_id inner = expression();
  if (!broken_ && !at_sign(")")) unexpected("`)`");
  recover();
  expect_sign(")");
  return inner;
}

node_id descent::named_primary(const token& t) {
  if (take_word("null")) return add_constant(value::null(), t.where);
  if (take_word("true")) return add_constant(value::of(true), t.where);
  if (take_word("false")) return add_constant(value::of(false), t.where);
  if (take_word("case")) return choice(t);
  if (ahead().is(token::kind::sign, "(")) return function_call();
  if (is_reserved(t.text)) {
    unexpected("a value");
    return nothing();
  }
  return path();
}

node_id descent::choice(const token& start) {
  nodes all;
  const bool by_value = !at_word("when");
  if (by_value) all.push_back(expression());
  if (!broken_ && !at_word("when")) unexpected("`when`");
  while (!broken_ && take_word("when")) {
    all.push_back(expression());
    if (!broken_ && expect_word("then")) all.push_back(expression());
  }
  if (!broken_ && take_word("else")) all.push_back(expression());
  if (!broken_) expect_word("end");
  return add({.what = by_value ? op::choose_by : op::choose, .where = since(start.where)}, all);
}

void descent::list(nodes& out) {
  if (take_sign(")")) return;
  do {
    out.push_back(expression());
    if (!broken_ && !at_sign(",") && !at_sign(")")) unexpected("`,` or `)`");
    recover();
  } while (!broken_ && take_sign(","));
  if (!broken_) expect_sign(")");
}

std::unique_ptr<tree> parse(const located_text& source, reporter& report) {
  if (source.text.size() > max_source_bytes) {
    report.error("the expression is too long", source.where, "it may have 64 KiB");
    return nullptr;
  }
  auto parsed = descent{source, report}.run();
  return report.ok() ? std::move(parsed) : nullptr;
}

}  // namespace weir::expr
