#pragma once
#include "weir/component.hpp"

namespace weir {

component container_stage();

}  // namespace weir
