#include <array>
#include <charconv>
#include <cmath>

#include "base/time.hpp"
#include "expr/compare.hpp"
#include "expr/functions.hpp"
#include "expr/lexer.hpp"

namespace weir::expr {
namespace {

bool is_number_text(std::string_view text) noexcept {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return false;
  return digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

/// Truncates; null where int64 does not reach.
value integer_of(double d) noexcept {
  constexpr double two_to_63 = 9223372036854775808.0;
  const double whole = std::trunc(d);
  if (!(whole >= -two_to_63 && whole < two_to_63)) return value::null();
  return value::of(static_cast<std::int64_t>(whole));
}

value float_of(std::string_view text) noexcept {
  double d = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, d);
  const bool good =
      is_number_text(text) && failed == std::errc{} && stop == end && std::isfinite(d);
  return good ? value::of(d) : value::null();
}

value integer_of(std::string_view text) noexcept {
  std::int64_t n = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, n);
  if (failed == std::errc{} && stop == end) return value::of(n);
  if (failed == std::errc::result_out_of_range) return value::null();
  const value d = float_of(text);
  return d.type == kind::real ? integer_of(d.real) : value::null();
}

value to_int(const call& c) {
  const value& v = c.arguments[0];
  switch (v.type) {
    case kind::integer:
      return value::of(v.integer);
    case kind::real:
      return integer_of(v.real);
    case kind::boolean:
      return value::of(std::int64_t{v.boolean});
    case kind::string:
      return integer_of(v.text);
    default:
      return value::null();
  }
}

value to_float(const call& c) {
  const value& v = c.arguments[0];
  switch (v.type) {
    case kind::integer:
      return value::of(static_cast<double>(v.integer));
    case kind::real:
      return value::of(v.real);
    case kind::boolean:
      return value::of(v.boolean ? 1.0 : 0.0);
    case kind::decimal:
    case kind::string:
      return float_of(v.text);
    default:
      return value::null();
  }
}

value to_string(const call& c) {
  if (c.arguments[0].type == kind::string) return c.arguments[0];
  std::string& out = c.memory.fresh();
  return append_text(c.arguments[0], out) ? value::of(std::string_view{out}) : value::null();
}

value bool_of(std::string_view text) noexcept {
  for (const std::string_view yes : {"true", "t", "yes", "y", "on", "1"}) {
    if (same_word(text, yes)) return value::of(true);
  }
  for (const std::string_view no : {"false", "f", "no", "n", "off", "0"}) {
    if (same_word(text, no)) return value::of(false);
  }
  return value::null();
}

value to_bool(const call& c) {
  const value& v = c.arguments[0];
  if (v.type == kind::boolean) return v;
  if (v.type == kind::string) return bool_of(v.text);
  if (v.type == kind::integer) return value::of(v.integer != 0);
  return value::null();
}

value to_json(const call& c) {
  std::string& out = c.memory.fresh();
  write_json(c.arguments[0], out);
  return value::of(std::string_view{out});
}

value coalesce(const call& c) {
  for (const value& v : c.arguments) {
    if (!v.is_null()) return v;
  }
  return value::null();
}

value nullif(const call& c) {
  const bool same = compare(c.arguments[0], c.arguments[1], c.memory) == 0;
  return same ? value::null() : c.arguments[0];
}

value choose(const call& c) {
  const value& condition = c.arguments[0];
  const bool yes = condition.type == kind::boolean && condition.boolean;
  return c.arguments[yes ? 1 : 2];
}

value type_name(const call& c) {
  return value::of(weir::name_of(c.arguments[0].type));
}

constexpr auto anything = parameter::any;

constexpr std::array table{
    function{"to_int",
             "conversion",
             {anything},
             1,
             1,
             static_type::number,
             "to_int(value)",
             "The value as an integer: floats are cut, texts read; null if it is none.",
             "to_int('42')",
             "42",
             to_int},
    function{"to_float",
             "conversion",
             {anything},
             1,
             1,
             static_type::number,
             "to_float(value)",
             "The value as a float; null if it is none.",
             "to_float('1.5e3')",
             "1500.0",
             to_float},
    function{"to_string",
             "conversion",
             {anything},
             1,
             1,
             static_type::text,
             "to_string(value)",
             "The value as a text; objects and arrays as JSON.",
             "to_string(1.50)",
             R"("1.50")",
             to_string},
    function{"to_bool",
             "conversion",
             {anything},
             1,
             1,
             static_type::boolean,
             "to_bool(value)",
             "true for true, t, yes, y, on and 1, false for their opposites, else null.",
             "to_bool('Yes')",
             "true",
             to_bool},
    function{"to_json",
             "conversion",
             {anything},
             1,
             1,
             static_type::text,
             "to_json(value)",
             "The value's JSON as a text.",
             R"(to_json('a"b'))",
             R"("\"a\\\"b\"")",
             to_json,
             true},
    function{"coalesce",
             "conversion",
             {anything},
             1,
             max_arguments,
             static_type::any,
             "coalesce(value, ...)",
             "The first value that is neither missing nor null.",
             "coalesce(null, 5)",
             "5",
             coalesce,
             true},
    function{"nullif",
             "conversion",
             {anything, anything},
             2,
             2,
             static_type::any,
             "nullif(value, other)",
             "null if both are equal, else the first.",
             "nullif('-', '-')",
             "null",
             nullif,
             true},
    function{"if",
             "conversion",
             {parameter::boolean, anything, anything},
             3,
             3,
             static_type::any,
             "if(condition, then, otherwise)",
             "`then` if the condition is true, else `otherwise`.",
             "if(2 > 1, 'a', 'b')",
             R"("a")",
             choose,
             true},
    function{"typeof",
             "conversion",
             {anything},
             1,
             1,
             static_type::text,
             "typeof(value)",
             "missing, null, boolean, integer, real, decimal, string, object, array or time.",
             "typeof(1.0)",
             R"("real")",
             type_name,
             true},
};

}  // namespace

bool append_text(const value& v, std::string& out) {
  switch (v.type) {
    case kind::missing:
    case kind::null:
      return false;
    case kind::string:
      v.escaped ? unescape(v.text, out) : void(out += v.text);
      return true;
    case kind::time:
      format_rfc3339(v.integer, out);
      return true;
    default:
      write_json(v, out);
      return true;
  }
}

std::span<const function> conversion_functions() {
  return table;
}

}  // namespace weir::expr
