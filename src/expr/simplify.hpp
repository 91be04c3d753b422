#pragma once
#include "expr/tree.hpp"

namespace weir::expr {

/// Computes what is constant before the run, and replaces the commonest forms, a field compared
/// with constants, by nodes that cost little more than looking the field up.
void simplify(tree& t);

}  // namespace weir::expr
