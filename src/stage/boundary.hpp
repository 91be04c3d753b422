#pragma once
#include <cstddef>

#include "base/channel.hpp"
#include "stage/crew.hpp"
#include "weir/component.hpp"

namespace weir {

/// A thread that pulls a stream ahead of its reader into a bounded queue. Destroying it stops what
/// is upstream and joins the thread. One thread may read.
class boundary {
 public:
  /// Starts the thread. `with` outlives the boundary.
  boundary(stream upstream, std::size_t batches, const context& with);

  /// The next batch, into `out`. A drain in `wanted` is passed on to the source, which may be
  /// waiting.
  received receive(batch& out, const pull& wanted);

 private:
  void pull_ahead(stream upstream);

  channel<batch> queue_;
  crew thread_;
};

/// Everything upstream on its own thread, at most `batches` ahead.
stream buffered(stream in, std::size_t batches, const context* with);

component buffer_stage();

}  // namespace weir
