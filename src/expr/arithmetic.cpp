#include "expr/arithmetic.hpp"

#include <cmath>

#include "base/time.hpp"

namespace weir::expr {
namespace {

value unless(bool overflowed, const std::int64_t& result) noexcept {
  return overflowed ? value::null() : value::of(result);
}

value finite(double d) noexcept {
  return std::isfinite(d) ? value::of(d) : value::null();
}

value divide(double a, double b) noexcept {
  return b == 0 ? value::null() : finite(a / b);
}

value of_integers(op what, std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  switch (what) {
    case op::add:
      return unless(__builtin_add_overflow(a, b, &result), result);
    case op::subtract:
      return unless(__builtin_sub_overflow(a, b, &result), result);
    case op::multiply:
      return unless(__builtin_mul_overflow(a, b, &result), result);
    case op::divide:
      return divide(static_cast<double>(a), static_cast<double>(b));
    case op::modulo:
      if (b == 0) return value::null();
      return value::of(b == -1 ? std::int64_t{0} : a % b);
    default:
      return value::null();
  }
}

value of_reals(op what, double a, double b) noexcept {
  switch (what) {
    case op::add:
      return finite(a + b);
    case op::subtract:
      return finite(a - b);
    case op::multiply:
      return finite(a * b);
    case op::divide:
      return divide(a, b);
    case op::modulo:
      return b == 0 ? value::null() : finite(std::fmod(a, b));
    default:
      return value::null();
  }
}

double as_real(const value& v) noexcept {
  return v.type == kind::integer ? static_cast<double>(v.integer) : v.real;
}

value seconds_between(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t ns = 0;
  if (__builtin_sub_overflow(a, b, &ns)) return value::null();
  return value::of(static_cast<double>(ns) / static_cast<double>(ns_per_second));
}

}  // namespace

value calculate(op what, const value& a, const value& b, scratch& s) {
  if (a.is_null() || b.is_null()) return value::null();
  if (a.type == kind::integer && b.type == kind::integer)
    return of_integers(what, a.integer, b.integer);
  if (what == op::subtract && a.type == kind::time && b.type == kind::time) {
    return seconds_between(a.integer, b.integer);
  }
  if (!a.is_number() || !b.is_number()) {
    ++s.type_mismatches;
    return value::null();
  }
  if (a.type == kind::decimal || b.type == kind::decimal) return value::null();
  return of_reals(what, as_real(a), as_real(b));
}

value negative(const value& a, scratch& s) {
  if (a.type == kind::real) return value::of(-a.real);
  return calculate(op::subtract, value::of(std::int64_t{0}), a, s);
}

}  // namespace weir::expr
