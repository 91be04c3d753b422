#include "expr/parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/nearest.hpp"
#include "expr/functions.hpp"
#include "expr/pattern.hpp"
#include "expr/severity.hpp"
#include "expr/token_reader.hpp"

namespace weir::expr {
namespace {

using node_id = std::uint32_t;
using nodes = std::vector<node_id>;

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

/// `a < b` as `b > a`.
comparison mirrored(comparison c) noexcept {
  switch (c) {
    case comparison::less:
      return comparison::greater;
    case comparison::less_equal:
      return comparison::greater_equal;
    case comparison::greater:
      return comparison::less;
    case comparison::greater_equal:
      return comparison::less_equal;
    default:
      return c;
  }
}

bool is_ordering(comparison c) noexcept {
  return c != comparison::equal && c != comparison::not_equal;
}

text_span cover(text_span a, text_span b) noexcept {
  return {a.offset, std::max(a.offset + a.length, b.offset + b.length) - a.offset};
}

/// Recursive descent, one function a level of precedence.
class parser : token_reader {
 public:
  parser(const located_text& source, reporter& report) : token_reader(source, report) {}

  std::unique_ptr<tree> run() {
    tree_->root = expression();
    if (!broken_ && peek().type != token::kind::end) trailing();
    return std::move(tree_);
  }

 private:
  // ---- Nodes ----

  node_id add(node n, const nodes& children = {}) {
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

  node_id add_constant(value v, text_span where) {
    return add({.what = op::constant, .item = tree_->add_constant(v), .where = where});
  }
  node_id add_text(std::string text, text_span where) {
    return add_constant(value::of(tree_->keep(std::move(text))), where);
  }
  node_id nothing() { return add_constant(value::null(), peek().where); }
  text_span where(node_id id) const noexcept { return tree_->nodes[id].where; }
  text_span since(text_span start) const noexcept { return cover(start, last_span()); }

  // ---- Grammar ----

  node_id expression() {
    if (++level_ > max_depth) fail("the expression is nested too deeply", peek().where);
    const node_id result = broken_ ? nothing() : disjunction();
    --level_;
    return result;
  }

  /// `one joiner one joiner ...` as one node, so that long chains stay flat.
  template <class One, class Joiner>
  node_id chain(op what, One one, Joiner joiner) {
    nodes parts{one()};
    while (!broken_ && joiner()) parts.push_back(one());
    if (parts.size() == 1) return parts[0];
    return add({.what = what, .where = cover(where(parts.front()), where(parts.back()))}, parts);
  }

  bool take_or() {
    if (at_sign("||")) {
      correct(next(), "write `or`; texts are joined by concat(a, b)");
      return true;
    }
    return take_word("or");
  }
  bool take_and() {
    if (at_sign("&&")) {
      correct(next(), "write `and`");
      return true;
    }
    return take_word("and");
  }

  node_id disjunction() {
    return chain(op::either, [this] { return conjunction(); }, [this] { return take_or(); });
  }
  node_id conjunction() {
    return chain(op::both, [this] { return inversion(); }, [this] { return take_and(); });
  }

  node_id inversion() {
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

  node_id comparison_of() {
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

  /// The comparison that begins here with `left` read already, or none.
  node_id one_comparison(node_id left) {
    for (const sign_meaning& c : comparisons) {
      if (at_sign(c.sign)) return sign_comparison(left, c.means);
    }
    if (at_sign("~") || at_sign("!~")) return match(left);
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

  node_id sign_comparison(node_id left, comparison means) {
    const token sign = next();
    if (sign.text == "==") correct(sign, "write `=`");
    const node_id right = additive();
    if (broken_) return left;
    if (const node_id level = level_comparison(left, means, right); level != none) return level;
    return add({.what = op::compare,
                .detail = static_cast<std::uint8_t>(means),
                .where = cover(where(left), where(right))},
               {left, right});
  }

  node_id match(node_id left) {
    const bool negated = next().text == "!~";
    const node_id right = additive();
    if (broken_) return left;
    node n{.what = op::match, .negated = negated, .where = cover(where(left), where(right))};
    n.item = pattern(right);
    return add(n, {left});
  }

  node_id membership(node_id left, bool negated) {
    nodes all{left};
    if (!expect_sign("(")) return left;
    list(all);
    if (all.size() == 1) fail("the list of `in` is empty", last_span());
    return add({.what = op::in, .negated = negated, .where = since(where(left))}, all);
  }

  node_id like(node_id left, bool negated) {
    nodes all{left, additive()};
    if (!broken_ && take_word("escape")) all.push_back(additive());
    return add({.what = op::like, .negated = negated, .where = since(where(left))}, all);
  }

  node_id between(node_id left, bool negated) {
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
    const node_id both = add({.what = op::both, .where = all}, {from, to});
    return negated ? add({.what = op::negation, .where = all}, {both}) : both;
  }

  node_id is_test(node_id left) {
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

  node_id additive() {
    node_id left = multiplicative();
    while (!broken_ && (at_sign("+") || at_sign("-"))) {
      const bool minus = next().text == "-";
      left = peek().type == token::kind::duration
                 ? shifted(left, minus)
                 : binary(minus ? op::subtract : op::add, left, multiplicative());
    }
    return left;
  }

  /// `time + 2h` is time_add(time, "2h").
  node_id shifted(node_id time, bool back) {
    const token duration = next();
    const node_id by = add_text((back ? "-" : "") + duration.text, duration.where);
    node n{.what = op::call, .where = cover(where(time), duration.where)};
    n.item = index_of(*find_function("time_add"));
    return add(n, {time, by});
  }

  node_id multiplicative() {
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

  node_id binary(op what, node_id left, node_id right) {
    return add({.what = what, .where = cover(where(left), where(right))}, {left, right});
  }

  node_id unary() {
    const token sign = peek();
    if (!take_sign("-")) return primary();
    // The smallest integer has no positive twin, so the sign belongs to the literal.
    if (peek().type == token::kind::number) return number("-" + next().text, since(sign.where));
    if (++level_ > max_depth) fail("the expression is nested too deeply", sign.where);
    const node_id operand = broken_ ? nothing() : unary();
    --level_;
    return add({.what = op::minus, .where = since(sign.where)}, {operand});
  }

  node_id number(std::string digits, text_span where) {
    return add_constant(read_json(tree_->keep(std::move(digits))), where);
  }

  node_id primary() {
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

  node_id parenthesised() {
    next();
    const node_id inner = expression();
    if (!broken_ && !at_sign(")")) unexpected("`)`");
    recover();
    expect_sign(")");
    return inner;
  }

  node_id named_primary(const token& t) {
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

  node_id choice(const token& start) {
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

  /// Elements up to the closing parenthesis, which is read too.
  void list(nodes& out) {
    if (take_sign(")")) return;
    do {
      out.push_back(expression());
      if (!broken_ && !at_sign(",") && !at_sign(")")) unexpected("`,` or `)`");
      recover();
    } while (!broken_ && take_sign(","));
    if (!broken_) expect_sign(")");
  }

  static std::uint32_t index_of(const function& f) noexcept {
    return static_cast<std::uint32_t>(&f - functions().data());
  }

  node_id function_call() {
    const token name = next();
    next();
    nodes arguments;
    list(arguments);
    const function* const f = find_function(name.text);
    if (!f) {
      unknown_function(name);
      return nothing();
    }
    if (broken_) return nothing();
    count_arguments(*f, arguments.size(), since(name.where));
    node n{.what = op::call, .where = since(name.where)};
    n.item = index_of(*f);
    for (std::size_t i = 0; i < arguments.size() && i < f->max_arguments; ++i) {
      if (f->at(i) == parameter::pattern) n.pattern = pattern(arguments[i]);
    }
    return add(n, arguments);
  }

  void unknown_function(const token& name) {
    std::vector<std::string> names;
    for (const function& f : functions()) names.emplace_back(f.name);
    const auto meant = nearest(name.text, names);
    if (broken_) return;
    report_.error("unknown function `" + name.text + "`", name.where,
                  meant ? "did you mean `" + *meant + "`?" : std::string{});
  }

  void count_arguments(const function& f, std::size_t count, text_span where) {
    if (count >= f.min_arguments && count <= f.max_arguments) return;
    report_.error(
        "wrong number of arguments for `" + std::string{f.name} + "`: " + std::to_string(count),
        where, "it is " + std::string{f.signature});
  }

  std::uint32_t pattern(node_id id) { return add_pattern(*tree_, tree_->nodes[id], report_); }

  node_id path() {
    const token first = peek();
    field_path path;
    if (!member(path)) return nothing();
    for (;;) {
      if (take_sign(".")) {
        if (!member(path)) return nothing();
      } else if (at_sign("[")) {
        if (!element(path)) return nothing();
      } else {
        break;
      }
    }
    const text_span all = since(first.where);
    const bool bare = path.segments.size() == 1 && first.type == token::kind::name;
    if (bare && first.text.starts_with('@')) {
      if (const node_id id = special(first); id != none) return id;
    }
    return add(
        {.what = op::field, .detail = bare, .item = path_index(std::move(path)), .where = all});
  }

  bool member(field_path& path) {
    const token::kind k = peek().type;
    if (k != token::kind::name && k != token::kind::quoted_name) {
      unexpected("a field name");
      return false;
    }
    path.segments.push_back({next().text, -1});
    return true;
  }

  bool element(field_path& path) {
    next();
    const token t = peek();
    std::int64_t index = -1;
    const char* const end = t.text.data() + t.text.size();
    const bool whole =
        t.type == token::kind::number && std::from_chars(t.text.data(), end, index).ptr == end;
    if (!whole) {
      unexpected("the number of an element, from 0");
      return false;
    }
    next();
    path.segments.push_back({{}, index});
    return expect_sign("]");
  }

  node_id special(const token& name) {
    static constexpr std::array<std::string_view, 4> names{"@level", "@time", "@source", "@record"};
    const auto found = std::ranges::find(names, std::string_view{name.text});
    if (found == names.end()) return none;
    return add({.what = op::special,
                .item = static_cast<std::uint32_t>(found - names.begin()),
                .where = name.where});
  }

  std::uint32_t path_index(field_path path) {
    auto& paths = tree_->paths;
    const auto at = static_cast<std::uint32_t>(std::ranges::find(paths, path) - paths.begin());
    if (at == paths.size()) paths.push_back(std::move(path));
    return at;
  }

  // ---- Severities ----

  bool is_level(node_id id) const noexcept {
    const node& n = tree_->nodes[id];
    if (n.what == op::special) return n.item == static_cast<std::uint32_t>(special_field::level);
    return bare_word(id) == "level";
  }

  std::string_view bare_word(node_id id) const noexcept {
    const node& n = tree_->nodes[id];
    if (n.what != op::field || n.detail == 0) return {};
    return tree_->paths[n.item].segments[0].name;
  }

  /// `level >= warn` compares severities; none if this is something else.
  node_id level_comparison(node_id left, comparison means, node_id right) {
    if (is_level(right) && !is_level(left)) {
      std::swap(left, right);
      means = mirrored(means);
    }
    if (!is_level(left)) return none;
    const std::string_view word = bare_word(right);
    const auto rank = word.empty() ? std::nullopt : parse_severity(word);
    if (!rank) {
      if (is_ordering(means)) warn_of_order(right, word);
      return none;
    }
    if (!is_ordering(means)) {
      report_.warn("`" + std::string{word} + "` is a field here", where(right),
                   "quote it to compare the text, or use `level >= " + std::string{word} + "`");
      return none;
    }
    return add({.what = op::level,
                .detail = static_cast<std::uint8_t>(means),
                .item = static_cast<std::uint32_t>(*rank),
                .where = cover(where(left), where(right))});
  }

  void warn_of_order(node_id right, std::string_view word) {
    if (!word.empty()) {
      const auto meant = nearest(word, severity_names());
      report_.warn("`" + std::string{word} + "` is no severity, so it is read as a field",
                   where(right),
                   meant ? "did you mean `" + *meant + "`?"
                         : "severities are trace, debug, info, notice, warn, error, critical, "
                           "alert, emergency");
      return;
    }
    const value* const text = tree_->text_constant(tree_->nodes[right]);
    if (!text || !parse_severity(text->text)) return;
    report_.warn(
        "this compares letters, not severities", where(right),
        "write `" + std::string{name_of(*parse_severity(text->text))} + "` without quotes");
  }

  std::unique_ptr<tree> tree_ = std::make_unique<tree>();
  std::size_t level_ = 0;
};

}  // namespace

std::unique_ptr<tree> parse(const located_text& source, reporter& report) {
  if (source.text.size() > max_source_bytes) {
    report.error("the expression is too long", source.where, "it may have 64 KiB");
    return nullptr;
  }
  auto parsed = parser{source, report}.run();
  return report.ok() ? std::move(parsed) : nullptr;
}

}  // namespace weir::expr
