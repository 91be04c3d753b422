#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "weir/context.hpp"

namespace weir {

/// A background thread that does small things when they are due, such as extending leases, while
/// the pipeline's own threads are busy or blocked. It never touches records.
class keeper {
 public:
  /// What is due is done; then tells when something will be next.
  using chores = std::move_only_function<time_point()>;

  /// `time` outlives it. Throws weir::error if the system has no thread left.
  keeper(clock& time, chores work);
  /// Waits for what is being done.
  ~keeper();
  keeper(const keeper&) = delete;
  keeper& operator=(const keeper&) = delete;

  /// Something is due earlier than was told. From any thread.
  void wake();

 private:
  void work();

  clock& time_;
  chores chores_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  bool woken_ = false;
  bool ended_ = false;
  std::thread thread_;  // last: it uses all of the others
};

}  // namespace weir
