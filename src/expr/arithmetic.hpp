#pragma once
#include "expr/scratch.hpp"
#include "expr/tree.hpp"

namespace weir::expr {

/// Computes `a what b` for add, subtract, multiply, divide or modulo. Integers stay exact; overflow
/// and division by zero give null, and so does a decimal, which only compares. `/` always gives a
/// float. A time minus a time is seconds.
value calculate(op what, const value& a, const value& b, scratch& s);

/// `-a`, with the same rules.
value negative(const value& a, scratch& s);

}  // namespace weir::expr
