#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan.hpp"

namespace weir {

// Why a run may have kept nothing, as far as the conditions of its plan can tell.

/// How often expressions met values of a type that they cannot work on.
std::uint64_t type_mismatches_in(const section& of);
/// The fields that conditions name and that were in no record, each once, in the plan's order.
std::vector<std::string> absent_fields_in(const section& of);

}  // namespace weir
