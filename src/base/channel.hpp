#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "weir/context.hpp"

namespace weir {

/// What a reader of a channel got.
enum class received : std::uint8_t { item, timeout, end };

/// A bounded queue between two threads: the writer waits while it is full, the reader while it is
/// empty. Either side may hang up, which wakes the other. An error that the writer hands over
/// surfaces at the reader behind the items before it.
template <class T>
class channel {
 public:
  channel(std::size_t room, clock& time) : room_(room), time_(time) {}

  /// Waits for room. False if the reader has hung up: the item is gone.
  bool send(T item) {
    std::unique_lock lock(mutex_);
    while (items_.size() >= room_ && !hung_up_) time_.wait(lock, changed_, never);
    if (hung_up_) return false;
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }

  /// The writer is done, with or without an error.
  void end(std::exception_ptr error = nullptr) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    error_ = std::move(error);
    changed_.notify_all();
  }

  /// The next item, into `out`; waits for it until `until`.
  received receive(T& out, time_point until) {
    std::unique_lock lock(mutex_);
    while (items_.empty() && !ended_) {
      if (!time_.wait(lock, changed_, until) && items_.empty() && !ended_) return received::timeout;
    }
    if (items_.empty()) return finish();
    out = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return received::item;
  }

  /// The reader wants no more.
  void hang_up() {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    changed_.notify_all();
  }

 private:
  received finish() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return received::end;
  }

  std::size_t room_;
  clock& time_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
  bool ended_ = false;
  bool hung_up_ = false;
  std::exception_ptr error_;
};

}  // namespace weir
