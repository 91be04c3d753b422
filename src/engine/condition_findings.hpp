#pragma once
#include <cstdint>
#include <vector>

#include "engine/field_watch.hpp"
#include "engine/plan.hpp"

namespace weir {

// Why a run may have kept nothing, or not what was meant, as far as its plan can tell.

/// How often expressions met values of a type that they cannot work on.
std::uint64_t type_mismatches_in(const section& of);
/// The fields that it names and that were in no record, each once, in the plan's order.
std::vector<absent_field> absent_fields_in(const section& of);

}  // namespace weir
