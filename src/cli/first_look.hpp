#pragma once
#include <string>
#include <vector>

#include "engine/plan.hpp"
#include "weir/context.hpp"

namespace weir {

/// What `auto` will take the files of a plan for, "a.log: clf (99 of 100 lines)" or "b.log: text,
/// of no known format", for the first ten. Nothing without `auto`; a file that cannot be looked
/// into is left out.
std::vector<std::string> first_look(const plan& of, const context& with);

}  // namespace weir
