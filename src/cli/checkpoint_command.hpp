#pragma once
#include "cli/invocation.hpp"
#include "weir/error.hpp"

namespace weir {

/// Carries out `checkpoint inspect DIR` and `checkpoint repair DIR`. A damaged log that is only
/// looked at gives 74. Throws weir::error.
exit_code checkpoint_command(const invocation& it);

}  // namespace weir
