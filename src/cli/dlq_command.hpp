#pragma once
#include "cli/invocation.hpp"
#include "weir/error.hpp"

namespace weir {

/// Carries out `dlq ls` and `dlq show`; `dlq replay` is a run. Throws weir::error.
exit_code dlq_command(const invocation& it);

}  // namespace weir
