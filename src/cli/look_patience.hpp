#pragma once
#include "cli/invocation.hpp"
#include "weir/source.hpp"

namespace weir {

/// Somebody sits in front of a command that only looks at a source: unless he says how long, it
/// waits a few seconds for a server that is down. To be said before the source is looked at.
void limit_wait(source& of, const invocation& it);

}  // namespace weir
