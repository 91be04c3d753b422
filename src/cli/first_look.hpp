#pragma once
#include <optional>
#include <string>

#include "engine/plan.hpp"
#include "weir/context.hpp"

namespace weir {

/// What `auto` will take the first file of a plan for, "a.log: clf (99 of 100 lines)". Nothing
/// without `auto`, or if there is no file that can be looked into.
std::optional<std::string> first_look(const plan& of, const context& with);

}  // namespace weir
