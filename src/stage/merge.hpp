#pragma once
#include <cstddef>
#include <functional>
#include <memory>

#include "weir/context.hpp"

namespace weir {

/// Opens one shard when it is its turn. An empty one: not now, but ask again once a shard has
/// ended; it comes only while at least one is open.
using shard_opener = std::function<stream()>;
using shard_openers = generator<shard_opener>;

/// Reads `width` shards at a time, on as many threads, and emits them one after the other in the
/// order of the listing: those behind the first are read ahead, fewer of them where the memory
/// budget is small. The listing is walked lazily, by those threads. An only shard has no thread
/// while its reader has little else to do.
stream merged(shard_openers listing, std::size_t width, const context* with);

/// The same, but emits whatever comes first. Order holds within each shard only.
stream merged_any_order(shard_openers listing, std::size_t width, const context* with);

}  // namespace weir
