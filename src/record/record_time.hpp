#pragma once
#include <cstdint>
#include <optional>

#include "weir/record.hpp"

namespace weir {

/// `@time`: the first of the usual fields (time, timestamp, ts, @timestamp, ...) that can be read
/// as a time, in nanoseconds since 1970. A year that is missing is the one that puts the time
/// nearest to the shard's modification. A day is joined with the time of the day that stands in a
/// field of its own (`date` and `time`, with `tz` or `timezone`); it is midnight only if no field
/// says more.
std::optional<std::int64_t> time_of(const record& r);

}  // namespace weir
