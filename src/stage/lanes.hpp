#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "weir/context.hpp"

namespace weir {

/// Makes one lane's instance of a run of per-batch stages.
using lane_factory = std::function<batch_function()>;

/// Applies stateless per-batch stages on `lanes` threads and gives the batches back in order.
///
/// There is no reading thread: a free lane pulls the next batch from upstream itself, under a lock,
/// and goes on with it, so that its bytes stay in that core's cache. At most `lanes` + 2 batches
/// are out of order. The first exception in the order of the input surfaces, behind the batches
/// before it.
stream in_lanes(stream in, std::size_t lanes, lane_factory make, const context* with);

}  // namespace weir
