#pragma once
#include <atomic>
#include <cstddef>
#include <thread>

#include "base/channel.hpp"
#include "weir/component.hpp"

namespace weir {

/// A thread that pulls a stream ahead of its reader into a bounded queue. Destroying it stops what
/// is upstream and joins the thread. One thread may read.
class boundary {
 public:
  /// Starts the thread. `with` outlives the boundary.
  boundary(stream upstream, std::size_t batches, const context& with);
  ~boundary();
  boundary(const boundary&) = delete;
  boundary& operator=(const boundary&) = delete;

  /// The next batch, into `out`. A drain in `wanted` is passed on to the source, which may be
  /// waiting.
  received receive(batch& out, const pull& wanted);

 private:
  void drain();
  void pull_ahead(stream upstream);

  const context& with_;
  channel<batch> queue_;
  std::atomic<bool> drain_{false};
  std::thread thread_;
};

/// Everything upstream on its own thread, at most `batches` ahead.
stream buffered(stream in, std::size_t batches, const context* with);

component buffer_stage();

}  // namespace weir
