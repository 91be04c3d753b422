#pragma once
#include "weir/component.hpp"

namespace weir {

component multiline_stage();

}  // namespace weir
