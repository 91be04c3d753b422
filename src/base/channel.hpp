#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "base/wait.hpp"

namespace weir {

/// What a reader of a channel got.
enum class received : std::uint8_t { item, timeout, end };

/// A bounded queue between threads: a writer waits while it is full, the reader while it is empty.
/// Either side may hang up, which wakes the other. An error that a writer hands over surfaces at
/// the reader behind the items before it, and hangs up on the other writers.
template <class T>
class channel {
 public:
  /// `yields`: see `wait_for`.
  channel(std::size_t room, clock& time, int yields = usual_yields)
      : room_(room), time_(time), yields_(yields) {}

  /// Waits for room. False if somebody has hung up: the item is gone.
  bool send(T item) {
    std::unique_lock lock(mutex_);
    const auto has_room = [this] { return items_.size() < room_ || hung_up_; };
    wait_for(time_, lock, writable_, never, has_room, yields_);
    if (hung_up_) return false;
    items_.push_back(std::move(item));
    readable_.notify_one();
    return true;
  }

  /// The writers are done, with or without an error; what comes after an error changes nothing.
  void end(std::exception_ptr error = nullptr) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(ended_, true)) error_ = std::move(error);
    readable_.notify_one();
    if (!error_) return;
    hung_up_ = true;
    writable_.notify_all();
  }

  /// The next item, into `out`; waits for it until `until`.
  received receive(T& out, time_point until) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return !items_.empty() || ended_; };
    if (!wait_for(time_, lock, readable_, until, ready, yields_)) return received::timeout;
    if (items_.empty()) return finish();
    out = std::move(items_.front());
    items_.pop_front();
    writable_.notify_one();
    return received::item;
  }

  /// The reader wants no more.
  void hang_up() {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    writable_.notify_all();
  }

 private:
  received finish() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return received::end;
  }

  std::size_t room_;
  clock& time_;
  int yields_;
  std::mutex mutex_;
  std::condition_variable readable_;  ///< one reader
  std::condition_variable writable_;
  std::deque<T> items_;
  bool ended_ = false;
  bool hung_up_ = false;
  std::exception_ptr error_;
};

}  // namespace weir
