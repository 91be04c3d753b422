#include "expr/check.hpp"

#include "base/time.hpp"
#include "expr/functions.hpp"
#include "expr/like.hpp"

namespace weir::expr {
namespace {

bool is_unknown(static_type t) noexcept {
  return t == static_type::any || t == static_type::null;
}

std::string with_article(static_type t) {
  return "a " + std::string{name_of(t)};
}

/// Looks at one node after another; children come first, because the parser made them first.
class checker {
 public:
  checker(tree& t, reporter& report) noexcept : tree_(t), report_(report) {}

  void run() {
    for (node& n : tree_.nodes) n.type = look(n);
  }

 private:
  static_type look(node& n) {
    switch (n.what) {
      case op::constant:
        return type_of(tree_.constant(n));
      case op::field:
        return static_type::any;
      case op::special:
        return type_of_special(n);
      case op::either:
      case op::both:
      case op::negation:
        return conditions(n);
      case op::compare:
        warn_of_null(n);
        comparable(n, 0, 1);
        return static_type::boolean;
      case op::in:
      case op::between:
        for (std::size_t i = 1; i < n.child_count; ++i) comparable(n, 0, i);
        return static_type::boolean;
      case op::like:
        return like_texts(n);
      case op::match:
        expect(tree_.child(n, 0), static_type::text, "`~` looks into texts");
        return static_type::boolean;
      case op::minus:
      case op::add:
      case op::multiply:
      case op::divide:
      case op::modulo:
        return numbers(n);
      case op::subtract:
        return difference(n);
      case op::choose:
        return choice(n, 0);
      case op::choose_by:
        return choice(n, 1);
      case op::call:
        return call_of(n);
      case op::is_null:
      case op::is_missing:
      case op::is_true:
      case op::is_false:
      case op::level:
      case op::field_in_texts:
      case op::field_compare_integer:
        return static_type::boolean;
    }
    return static_type::any;
  }

  static static_type type_of_special(const node& n) noexcept {
    switch (static_cast<special_field>(n.item)) {
      case special_field::time:
        return static_type::time;
      case special_field::record:
        return static_type::number;
      case special_field::level:
      case special_field::source:
        return static_type::text;
    }
    return static_type::any;
  }

  static_type conditions(const node& n) {
    for (const auto c : tree_.children(n)) check_condition(tree_.nodes[c], report_);
    return static_type::boolean;
  }

  void expect(const node& n, static_type wanted, std::string_view why) {
    if (is_unknown(n.type) || n.type == wanted) return;
    std::string hint;
    if (wanted == static_type::text) hint = "to_string(...) makes a text";
    if (wanted == static_type::number && n.type == static_type::text)
      hint = "texts are joined by concat(a, b); to_int(...) reads a number";
    report_.error(std::string{why} + ", this is " + with_article(n.type), n.where, std::move(hint));
  }

  /// Fields hold what JSON has: a time in one is a text or a number.
  void warn_of_time(const node& field, const node& other) {
    if (field.what != op::field || other.type != static_type::time) return;
    const std::string name = tree_.paths[field.item].spelled();
    report_.warn("a field is never a time, so this is never true", field.where,
                 "write `@time`, or `to_time(" + name + ")`");
  }

  void warn_of_null(const node& n) {
    for (const auto c : tree_.children(n)) {
      if (tree_.nodes[c].type != static_type::null) continue;
      report_.warn("a comparison with null is never true", n.where,
                   "write `is null` or `is not null`");
      return;
    }
  }

  void comparable(const node& n, std::size_t a, std::size_t b) {
    node& left = tree_.nodes[tree_.children(n)[a]];
    node& right = tree_.nodes[tree_.children(n)[b]];
    if (left.type == static_type::time && tree_.text_constant(right)) return make_time(right);
    if (right.type == static_type::time && tree_.text_constant(left)) return make_time(left);
    warn_of_time(left, right);
    warn_of_time(right, left);
    if (is_unknown(left.type) || is_unknown(right.type) || left.type == right.type) return;
    report_.error(with_article(left.type) + " is never equal to, less or greater than " +
                      with_article(right.type),
                  n.where,
                  "convert one with to_int(...), to_float(...), to_string(...) or to_time(...)");
  }

  void make_time(node& text) {
    const auto ns = parse_time(tree_.constant(text).text);
    if (!ns) {
      report_.error("this is compared with a time, but is none", text.where,
                    "times look like `2026-01-02T03:04:05Z` or `2026-01-02`");
      return;
    }
    text.item = tree_.add_constant(value::at_nanoseconds(*ns));
    text.type = static_type::time;
  }

  static_type like_texts(const node& n) {
    for (const auto c : tree_.children(n))
      expect(tree_.nodes[c], static_type::text, "`like` compares texts");
    char escape = 0;
    if (n.child_count == 3) {
      const value* const e = tree_.text_constant(tree_.child(n, 2));
      if (!e || e->text.size() != 1) {
        report_.error("`escape` takes one character", tree_.child(n, 2).where,
                      "write it as `escape '!'`");
        return static_type::boolean;
      }
      escape = e->text[0];
    }
    const value* const pattern = tree_.text_constant(tree_.child(n, 1));
    if (pattern && !valid_like_pattern(pattern->text, escape)) {
      report_.error("the pattern ends with its escape character", tree_.child(n, 1).where);
    }
    return static_type::boolean;
  }

  static_type numbers(const node& n) {
    for (const auto c : tree_.children(n)) {
      expect(tree_.nodes[c], static_type::number, "arithmetic takes numbers");
    }
    return static_type::number;
  }

  static_type difference(const node& n) {
    const bool times =
        tree_.child(n, 0).type == static_type::time && tree_.child(n, 1).type == static_type::time;
    return times ? static_type::number : numbers_or_times(n);
  }

  // A time minus what may be a time at run time is left to run time.
  static_type numbers_or_times(const node& n) {
    const auto of_time = [](const node& c) { return c.type == static_type::time; };
    const node& a = tree_.child(n, 0);
    const node& b = tree_.child(n, 1);
    if ((of_time(a) && is_unknown(b.type)) || (of_time(b) && is_unknown(a.type)))
      return static_type::number;
    return numbers(n);
  }

  /// `first` children before the pairs: 1 for the value of `case x`.
  static_type choice(const node& n, std::size_t first) {
    static_type result = static_type::null;
    for (std::size_t i = first; i < n.child_count; i += 2) {
      const bool otherwise = i + 1 == n.child_count;
      if (!otherwise && first == 0) check_condition(tree_.child(n, i), report_);
      if (!otherwise && first == 1) comparable(n, 0, i);
      result = common(result, tree_.child(n, otherwise ? i : i + 1).type);
    }
    return result;
  }

  static static_type common(static_type a, static_type b) noexcept {
    if (a == static_type::null) return b;
    if (b == static_type::null || a == b) return a;
    return static_type::any;
  }

  static_type call_of(node& n) {
    const function& f = functions()[n.item];
    for (std::size_t i = 0; i < n.child_count; ++i) argument(f, i, tree_.child(n, i));
    return f.result;
  }

  void argument(const function& f, std::size_t i, const node& n) {
    const std::string why =
        "argument " + std::to_string(i + 1) + " of `" + std::string{f.name} + "` has to be ";
    switch (f.at(i)) {
      case parameter::any:
      case parameter::pattern:
      case parameter::time:
        break;
      case parameter::boolean:
        expect(n, static_type::boolean, why + "a condition");
        break;
      case parameter::integer:
      case parameter::number:
        expect(n, static_type::number, why + "a number");
        break;
      case parameter::text:
        expect(n, static_type::text, why + "a text");
        break;
      case parameter::constant:
        if (!tree_.text_constant(n)) report_.error(why + "a constant text", n.where);
        break;
    }
    const value* const literal = tree_.text_constant(n);
    if (!literal || !f.check) return;
    if (auto hint = f.check(i, literal->text)) {
      report_.error(
          "`" + std::string{f.name} + "` cannot read `" + std::string{literal->text} + "`", n.where,
          *hint);
    }
  }

  tree& tree_;
  reporter& report_;
};

}  // namespace

void check(tree& t, reporter& report) {
  checker{t, report}.run();
}

void check_condition(const node& n, reporter& report) {
  if (is_unknown(n.type) || n.type == static_type::boolean) return;
  std::string hint = "compare it with something: `... > 0`";
  if (n.type == static_type::text)
    hint = "to compare a field with several texts write `x in ('a', 'b')`";
  report.error(with_article(n.type) + " is no condition", n.where, std::move(hint));
}

static_type type_of(const value& v) noexcept {
  switch (v.type) {
    case kind::missing:
    case kind::null:
      return static_type::null;
    case kind::boolean:
      return static_type::boolean;
    case kind::integer:
    case kind::real:
    case kind::decimal:
      return static_type::number;
    case kind::string:
      return static_type::text;
    case kind::time:
      return static_type::time;
    case kind::object:
    case kind::array:
      return static_type::other;
  }
  return static_type::any;
}

std::string_view name_of(static_type t) noexcept {
  switch (t) {
    case static_type::any:
      return "value";
    case static_type::null:
      return "null";
    case static_type::boolean:
      return "condition";
    case static_type::number:
      return "number";
    case static_type::text:
      return "text";
    case static_type::time:
      return "time";
    case static_type::other:
      return "structure";
  }
  return "value";
}

}  // namespace weir::expr
