#pragma once
#include "engine/plan.hpp"

namespace weir {

/// Throws weir::error (usage) if a later run could not go on from where one of `of`, whose input
/// looks like `seen`, ends.
void refuse_stateless(const plan& of, const estimate& seen);

}  // namespace weir
