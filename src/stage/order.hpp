#pragma once
#include "weir/component.hpp"

namespace weir {

component sort_stage();
component top_stage();

}  // namespace weir
