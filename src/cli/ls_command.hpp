#pragma once
#include <vector>

#include "cli/invocation.hpp"
#include "weir/component.hpp"
#include "weir/error.hpp"

namespace weir {

/// `weir ls`: what a source would read, one input a line, as the listing comes. Throws weir::error.
exit_code ls_command(const invocation& it, const std::vector<component>& table);

}  // namespace weir
