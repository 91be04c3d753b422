#pragma once
#include <utility>

#include "weir/context.hpp"

namespace weir {

/// The upstream end of a branch: it gives the batch that was put into it, then empty ones, so that
/// a chain of generators can be driven by whoever has the batches.
struct feed {
  batch next;
  bool full = false;
  bool ended = false;
  /// Until when the branch would have waited; the driver pulls its own upstream no longer than
  /// that.
  time_point waits_until = never;
  /// The branch asked and there was nothing.
  bool starved = false;
};

/// What the branch pulls from. `from` outlives the stream.
inline stream fed_by(feed* from, const context* with) {
  batch nothing(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    if (from->full) {
      from->full = false;
      co_yield from->next;
    } else if (from->ended || wanted.drain) {
      co_return;
    } else {
      from->waits_until = wanted.until;
      from->starved = true;
      nothing.reset(with->pool);
      co_yield nothing;
    }
  }
}

}  // namespace weir
