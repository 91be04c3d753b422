#pragma once
#include <vector>

#include "cli/invocation.hpp"
#include "weir/error.hpp"

namespace weir {

/// Carries out `run`, `check` or `explain`: data to standard output, all else to standard error.
/// Throws weir::error for what ends the command before a run could begin.
exit_code pipeline_command(const invocation& it, const std::vector<component>& table);

}  // namespace weir
