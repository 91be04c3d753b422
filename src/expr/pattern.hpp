#pragma once
#include "expr/tree.hpp"

namespace weir::expr {

/// Compiles the constant text that `n` is as a regex of RE2, which runs in linear time, and gives
/// its place in the tree's patterns; none after a complaint.
std::uint32_t add_pattern(tree& t, const node& n, reporter& report);

}  // namespace weir::expr
