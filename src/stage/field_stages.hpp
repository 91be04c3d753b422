#pragma once
#include "weir/component.hpp"

namespace weir {

/// The stages that look at fields of one record at a time, for the table in `components.cpp`.
component drop_stage();
component keep_stage();
component rename_stage();
component search_stage();
component set_stage();
component time_stage();
component where_stage();

}  // namespace weir
