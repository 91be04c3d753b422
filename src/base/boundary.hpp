#pragma once
#include <cstddef>
#include <exception>
#include <utility>

#include "base/channel.hpp"
#include "base/crew.hpp"
#include "weir/generator.hpp"

namespace weir {

/// A thread that pulls a generator ahead of its reader into a bounded queue. Destroying it stops
/// what is upstream and joins the thread. One thread may read.
template <class T>
class boundary {
 public:
  /// Starts the thread. `with` outlives the boundary. `yields`: see `wait_for`.
  boundary(generator<T, pull> upstream, std::size_t items, const context& with,
           int yields = usual_yields)
      : queue_(items, *with.time, yields), thread_(with, [this] { queue_.hang_up(); }) {
    thread_.start([this, in = std::move(upstream)]() mutable { pull_ahead(std::move(in)); });
  }

  /// The next item, into `out`. A drain in `wanted` is passed on to the source, which may be
  /// waiting.
  received receive(T& out, const pull& wanted) {
    if (wanted.drain) thread_.drain();
    const received got = queue_.receive(out, wanted.until);
    // So that its end disturbs nobody: a nudge wakes every thread of the pipeline that waits.
    if (got == received::end) thread_.join();
    return got;
  }

 private:
  void pull_ahead(generator<T, pull> upstream) {
    try {
      while (T* next = upstream.next(thread_.wanted())) {
        if (!queue_.send(std::move(*next))) return;
      }
      queue_.end();
    } catch (...) {
      queue_.end(std::current_exception());
    }
  }

  channel<T> queue_;
  crew thread_;
};

}  // namespace weir
