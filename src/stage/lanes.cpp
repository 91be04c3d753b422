#include "stage/lanes.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/channel.hpp"

namespace weir {
namespace {

/// The threads of one `lanes`, and the window in which their results wait for their turn.
class lane_crew {
 public:
  lane_crew(stream in, std::size_t lanes, const lane_factory& make, const context& with)
      : with_(with), in_(std::move(in)), window_(lanes + 2) {
    threads_.reserve(lanes);
    for (std::size_t i = 0; i < lanes; ++i) {
      threads_.emplace_back([this, work = make()] { run(work); });
    }
  }
  ~lane_crew() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      changed_.notify_all();
    }
    drain();
    for (std::thread& t : threads_) t.join();
    with_.wake->calm();
  }
  lane_crew(const lane_crew&) = delete;
  lane_crew& operator=(const lane_crew&) = delete;

  /// The next batch in the order of the input, into `out`.
  received receive(batch& out, const pull& wanted) {
    if (wanted.drain) drain();
    return wait_for_turn(out, wanted.until);
  }

 private:
  struct slot {
    bool full = false;
    bool end = false;
    batch result;
    std::exception_ptr error;
  };

  // The nudge lasts: a lane may be just about to wait for input when it comes.
  void drain() {
    if (!drain_.exchange(true)) with_.wake->nudge();
  }

  void run(const batch_function& work) {
    while (std::optional<std::uint64_t> turn = pull_and_work(work)) {
      const std::lock_guard lock(mutex_);
      slot_of(*turn).full = true;
      changed_.notify_all();
    }
  }

  /// Fills the slot of the next turn; nothing when there is no next.
  std::optional<std::uint64_t> pull_and_work(const batch_function& work) {
    std::unique_lock pulling(pull_mutex_);
    if (!has_room()) return std::nullopt;
    const std::uint64_t turn = pulled_++;
    slot& mine = slot_of(turn);
    try {
      if (!pull_into(mine)) return turn;
      pulling.unlock();
      work(mine.result);
    } catch (...) {
      mine.error = std::current_exception();
      if (pulling.owns_lock()) ended_ = true;
    }
    return turn;
  }

  bool pull_into(slot& mine) {
    batch* const b = in_.next(pull{.until = never, .drain = drain_});
    if (b == nullptr) {
      mine.end = ended_ = true;
      return false;
    }
    mine.result = std::move(*b);
    return true;
  }

  /// Waits until the next turn has a free slot. False once there is nothing more to pull.
  bool has_room() {
    std::unique_lock lock(mutex_);
    while (!stopped_ && !ended_ && pulled_ - given_ >= window_.size()) {
      with_.time->wait(lock, changed_, never);
    }
    return !stopped_ && !ended_;
  }

  received wait_for_turn(batch& out, time_point until) {
    std::unique_lock lock(mutex_);
    slot& next = slot_of(given_);
    while (!next.full) {
      if (!with_.time->wait(lock, changed_, until) && !next.full) return received::timeout;
    }
    if (next.error) std::rethrow_exception(std::exchange(next.error, nullptr));
    if (next.end) return received::end;
    out = std::move(next.result);
    next = {};
    ++given_;
    changed_.notify_all();
    return received::item;
  }

  slot& slot_of(std::uint64_t turn) { return window_[turn % window_.size()]; }

  const context& with_;

  std::mutex pull_mutex_;  ///< guards in_, pulled_, ended_; taken before mutex_
  stream in_;
  std::uint64_t pulled_ = 0;
  bool ended_ = false;

  std::mutex mutex_;  ///< guards given_, stopped_ and each slot's `full`
  std::condition_variable changed_;
  std::uint64_t given_ = 0;
  bool stopped_ = false;
  std::vector<slot> window_;

  std::atomic<bool> drain_{false};
  std::vector<std::thread> threads_;
};

}  // namespace

stream in_lanes(stream in, std::size_t lanes, lane_factory make, const context* with) {
  lane_crew crew(std::move(in), lanes, make, *with);
  batch out(with->pool);
  for (;;) {
    const received got = crew.receive(out, co_await request);
    if (got == received::end) co_return;
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

}  // namespace weir
