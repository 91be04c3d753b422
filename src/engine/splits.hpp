#pragma once
#include "weir/component.hpp"

namespace weir {

/// `tee` and `route`: they end a pipeline with branches. The planner makes a `planned_split` of
/// them; what is declared here is what people read of them.
component tee();
component route();

}  // namespace weir
