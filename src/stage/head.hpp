#pragma once
#include <cstdint>

#include "weir/component.hpp"

namespace weir {

/// The first `records` records; then the stream ends and what is upstream is abandoned, except that
/// loose records (see `batch::take_loose`) are followed to the runs that cover them. `id` outlives
/// it.
stream first_records(stream in, std::uint64_t records, const stage_id* id);

component head();

}  // namespace weir
