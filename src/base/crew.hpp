#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "weir/context.hpp"

namespace weir {

/// The threads behind a boundary, which pull what is upstream of it. Destroying the crew ends and
/// joins them, so it is the last member of its owner.
class crew {
 public:
  using task = std::move_only_function<void()>;

  /// `stop` ends every other wait of the threads; `with` outlives the crew.
  crew(const context& with, task stop) : with_(with), stop_(std::move(stop)) {}
  ~crew();
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  /// Starts one more thread, whose `work` throws nothing. Throws weir::error if the system has no
  /// thread left.
  void start(task work);
  /// Waits for threads that are ending by themselves, and wakes nobody for it.
  void join();
  /// Asks upstream to end, from the next pull on, and wakes whoever waits there.
  void drain();
  /// How the threads pull.
  pull wanted() const noexcept { return {.until = never, .drain = drain_}; }

 private:
  const context& with_;
  task stop_;
  std::atomic<bool> drain_{false};
  std::vector<std::thread> threads_;
};

}  // namespace weir
