#pragma once
#include "net/request_limit.hpp"
#include "weir/source.hpp"

namespace weir {

/// The same shards, but while as many are being read as the limit allows, an empty opener comes:
/// not before another ends. There is always one that may be read. `limit` outlives the streams.
shard_openers in_turns(shard_openers all, request_limit& limit);

}  // namespace weir
