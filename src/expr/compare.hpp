#pragma once
#include <algorithm>
#include <compare>
#include <cstdint>

#include "expr/scratch.hpp"
#include "expr/tree.hpp"
#include "weir/value.hpp"

namespace weir::expr {

/// SQL's three-valued logic, ordered so that `and` is the least and `or` the greatest.
enum class truth : std::uint8_t { no = 0, unknown = 1, yes = 2 };

constexpr truth of(bool b) noexcept {
  return b ? truth::yes : truth::no;
}
constexpr truth negate(truth t) noexcept {
  return static_cast<truth>(2 - static_cast<std::uint8_t>(t));
}
constexpr truth negate_if(bool negated, truth t) noexcept {
  return negated ? negate(t) : t;
}

/// How two numbers relate, exactly: no operand is rounded, whatever their kinds.
/// Precondition: both are numbers.
std::partial_ordering compare_numbers(const value& a, const value& b);

/// How two values relate. Unordered if either is null or missing, and for values of different types
/// or without an order, which `s` counts.
std::partial_ordering compare(const value& a, const value& b, scratch& s);

constexpr truth holds(comparison c, std::partial_ordering order) noexcept {
  if (order == std::partial_ordering::unordered) return truth::unknown;
  switch (c) {
    case comparison::equal:
      return of(order == 0);
    case comparison::not_equal:
      return of(order != 0);
    case comparison::less:
      return of(order < 0);
    case comparison::less_equal:
      return of(order <= 0);
    case comparison::greater:
      return of(order > 0);
    case comparison::greater_equal:
      return of(order >= 0);
  }
  return truth::unknown;
}

}  // namespace weir::expr
