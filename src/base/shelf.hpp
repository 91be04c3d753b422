#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace weir {

/// Things on their way back from released batches, to be used again rather than given to the
/// allocator and mapped afresh: large arrays, mostly. Safe to use from several threads.
template <class T>
class shelf {
 public:
  std::unique_ptr<T> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<T>();
    auto taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  void put(std::unique_ptr<T> back) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < most_idle) idle_.push_back(std::move(back));
  }

 private:
  static constexpr std::size_t most_idle = 8;

  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace weir
