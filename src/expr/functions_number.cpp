#include <array>
#include <cmath>

#include "expr/arithmetic.hpp"
#include "expr/compare.hpp"
#include "expr/functions.hpp"

namespace weir::expr {
namespace {

value finite(double d) noexcept {
  return std::isfinite(d) ? value::of(d) : value::null();
}

/// A whole float as an integer, where int64 holds it.
value whole(double d) noexcept {
  constexpr double two_to_63 = 9223372036854775808.0;
  if (d >= -two_to_63 && d < two_to_63) return value::of(static_cast<std::int64_t>(d));
  return finite(d);
}

/// The argument as a float; NaN for a decimal, on which nothing is calculated.
double real(const call& c, std::size_t i) noexcept {
  const value& v = c.arguments[i];
  if (v.type == kind::integer) return static_cast<double>(v.integer);
  return v.type == kind::real ? v.real : std::nan("");
}

bool is_integer(const call& c) noexcept {
  return c.arguments[0].type == kind::integer;
}

value absolute(const call& c) {
  if (!is_integer(c)) return finite(std::abs(real(c, 0)));
  const std::int64_t n = c.arguments[0].integer;
  return n >= 0 ? value::of(n) : negative(c.arguments[0], c.memory);
}

value sign(const call& c) {
  const auto order = compare_numbers(c.arguments[0], value::of(std::int64_t{0}));
  return value::of(std::int64_t{order > 0} - std::int64_t{order < 0});
}

template <double (*Rounding)(double)>
value to_whole(const call& c) {
  return is_integer(c) ? c.arguments[0] : whole(Rounding(real(c, 0)));
}
double nearest_whole(double d) {
  return std::round(d);
}
double next_below(double d) {
  return std::floor(d);
}
double next_above(double d) {
  return std::ceil(d);
}

value round(const call& c) {
  if (c.count() == 1) return to_whole<nearest_whole>(c);
  const std::int64_t digits = c.integer(1, 0);
  if (is_integer(c) && digits >= 0) return c.arguments[0];
  if (digits > 15) return finite(real(c, 0));
  if (digits < -18) return value::of(0.0);
  const double scale = std::pow(10.0, static_cast<double>(std::abs(digits)));
  const double d = real(c, 0);
  return finite(digits >= 0 ? std::round(d * scale) / scale : std::round(d / scale) * scale);
}

template <double (*Function)(double)>
value of_real(const call& c) {
  return finite(Function(real(c, 0)));
}
double square_root(double d) {
  return std::sqrt(d);
}
double natural_log(double d) {
  return std::log(d);
}
double decimal_log(double d) {
  return std::log10(d);
}
double exponential(double d) {
  return std::exp(d);
}

value power(const call& c) {
  return finite(std::pow(real(c, 0), real(c, 1)));
}
value mod(const call& c) {
  return calculate(op::modulo, c.arguments[0], c.arguments[1], c.memory);
}

/// The extreme of all arguments, which are of one type; null if they do not compare.
value extreme(const call& c, bool greatest) {
  value best = c.arguments[0];
  for (const value& v : c.arguments.subspan(1)) {
    const auto order = compare(v, best, c.memory);
    if (order == std::partial_ordering::unordered) return value::null();
    if (greatest ? order > 0 : order < 0) best = v;
  }
  return best;
}
value least(const call& c) {
  return extreme(c, false);
}
value greatest(const call& c) {
  return extreme(c, true);
}

constexpr auto a_number = parameter::number;
constexpr auto result = static_type::number;

constexpr std::array table{
    function{"abs",
             "number",
             {a_number},
             1,
             1,
             result,
             "abs(x)",
             "The number without its sign.",
             "abs(-5)",
             "5",
             absolute},
    function{"sign",
             "number",
             {a_number},
             1,
             1,
             result,
             "sign(x)",
             "-1, 0 or 1.",
             "sign(-0.5)",
             "-1",
             sign},
    function{
        "round",
        "number",
        {a_number, parameter::integer},
        1,
        2,
        result,
        "round(x[, digits])",
        "The nearest integer, or the nearest float with so many digits; halves go away from zero.",
        "round(2.5)",
        "3",
        round},
    function{"floor",
             "number",
             {a_number},
             1,
             1,
             result,
             "floor(x)",
             "The integer at or below x.",
             "floor(-2.5)",
             "-3",
             to_whole<next_below>},
    function{"ceil",
             "number",
             {a_number},
             1,
             1,
             result,
             "ceil(x)",
             "The integer at or above x.",
             "ceil(-2.5)",
             "-2",
             to_whole<next_above>},
    function{"sqrt",
             "number",
             {a_number},
             1,
             1,
             result,
             "sqrt(x)",
             "The square root; null for negative numbers.",
             "sqrt(16)",
             "4.0",
             of_real<square_root>},
    function{"power",
             "number",
             {a_number, a_number},
             2,
             2,
             result,
             "power(x, y)",
             "x to the y-th power, a float.",
             "power(2, 10)",
             "1024.0",
             power},
    function{"mod",
             "number",
             {a_number, a_number},
             2,
             2,
             result,
             "mod(x, y)",
             "The remainder of x / y with the sign of x, as `%`.",
             "mod(-7, 3)",
             "-1",
             mod},
    function{"ln",
             "number",
             {a_number},
             1,
             1,
             result,
             "ln(x)",
             "The natural logarithm.",
             "ln(1)",
             "0.0",
             of_real<natural_log>},
    function{"log10",
             "number",
             {a_number},
             1,
             1,
             result,
             "log10(x)",
             "The logarithm to base 10.",
             "log10(1000)",
             "3.0",
             of_real<decimal_log>},
    function{"exp",
             "number",
             {a_number},
             1,
             1,
             result,
             "exp(x)",
             "e to the x-th power.",
             "exp(0)",
             "1.0",
             of_real<exponential>},
    function{"least",
             "number",
             {parameter::any},
             1,
             max_arguments,
             static_type::any,
             "least(value, ...)",
             "The smallest of values of one type; null if one is null.",
             "least(3, 1.5, 2)",
             "1.5",
             least},
    function{"greatest",
             "number",
             {parameter::any},
             1,
             max_arguments,
             static_type::any,
             "greatest(value, ...)",
             "The largest of values of one type; null if one is null.",
             "greatest('a', 'b')",
             R"("b")",
             greatest},
};

}  // namespace

std::span<const function> number_functions() {
  return table;
}

}  // namespace weir::expr
