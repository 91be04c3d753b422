#pragma once
#include "weir/component.hpp"

namespace weir {

/// Lets at most `per_second` records a second through, in pieces of a tenth of a second. What could
/// have come while there was less is not made up for. A drain is not held up: what has been read
/// goes on at once.
stream throttled(stream in, double per_second, const context* with);

component throttle_stage();

}  // namespace weir
