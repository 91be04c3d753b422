#pragma once
#include "weir/component.hpp"

namespace weir {

component clf();
component logfmt();
component regex();

}  // namespace weir
