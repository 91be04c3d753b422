#pragma once
#include "weir/component.hpp"

namespace weir {

/// `spool`: what it makes is a sink, the end of the records' way in one pipeline and the beginning
/// in the next. The planner makes a `planned_spool` of it.
component spool_stage();

}  // namespace weir
