#pragma once
#include "expr/tree.hpp"
#include "weir/diagnostic.hpp"

namespace weir::expr {

/// Finds out what type each node has and reports what can never work: operators and functions on
/// values of the wrong type, texts that are no times, comparisons with null. Constant texts that
/// are compared with a time become times.
void check(tree& t, reporter& report);

/// Reports if `n` is no condition.
void check_condition(const node& n, reporter& report);

}  // namespace weir::expr
