#include "stage/lanes.hpp"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <utility>

#include "base/channel.hpp"
#include "base/crew.hpp"

namespace weir {
namespace {

bool tells_only_time(const batch& b) {
  return b.all().empty() && b.runs().empty();
}

/// The lanes of one `in_lanes`, and the window in which their results wait for their turn. All but
/// one are threads; the last is the reader, which works while nothing is ready for it.
class lane_crew {
 public:
  lane_crew(stream in, std::size_t lanes, const lane_factory& make, const context& with)
      : time_(*with.time),
        in_(std::move(in)),
        window_(lanes + 2),
        readers_work_(make()),
        threads_(with, [this] { stop(); }) {
    for (std::size_t i = 1; i < lanes; ++i) {
      threads_.start([this, work = make()] { run(work); });
    }
  }

  /// The next batch in the order of the input, into `out`, which is empty.
  received receive(batch& out, const pull& wanted) {
    if (wanted.drain) threads_.drain();
    std::unique_lock lock(mutex_);
    slot& next = slot_of(given_);
    bool helps = true;
    while (!next.full) {
      if (helps && can_pull()) {
        helps = help(lock, wanted.until);
        continue;
      }
      const auto ready = [&] { return next.full || (helps && can_pull()); };
      if (!wait_for(time_, lock, given_turn_, wanted.until, ready)) return received::timeout;
    }
    return take(next, out);
  }

 private:
  struct slot {
    bool full = false;
    bool end = false;
    batch result;
    std::exception_ptr error;

    bool has_batch() const noexcept { return !end && !error; }
  };
  using held_lock = std::unique_lock<std::mutex>;

  slot& slot_of(std::uint64_t turn) { return window_[turn % window_.size()]; }
  bool has_room() const { return pulled_ - given_ < window_.size(); }
  bool is_over() const { return stopped_ || ended_; }
  bool can_pull() const { return !pulling_ && has_room() && !is_over(); }

  /// A thread's life.
  void run(const batch_function& work) {
    held_lock lock(mutex_);
    for (;;) {
      ++idle_;
      wait_for(time_, lock, may_pull_, never, [this] { return can_pull() || is_over(); });
      --idle_;
      if (is_over()) return;
      pull_next(lock, threads_.wanted());
      work_on(lock, pulled_++, work);
    }
  }

  /// The reader as a lane. While others are at work it must not wait for input, since what they
  /// have made could not go on meanwhile. False if there is no more for it to do now.
  bool help(held_lock& lock, time_point until) {
    pull wanted = threads_.wanted();
    const bool alone = pulled_ == given_;
    wanted.until = alone ? until : time_.now();
    if (!alone && wanted.until >= until) return false;
    const slot& pulled = pull_next(lock, wanted);
    if (!alone && pulled.has_batch() && tells_only_time(pulled.result)) {
      wake_a_lane();
      return false;
    }
    work_on(lock, pulled_++, readers_work_);
    return true;
  }

  /// Pulls into the slot of the next turn, which nobody has yet.
  const slot& pull_next(held_lock& lock, const pull& wanted) {
    slot& next = slot_of(pulled_);
    pulling_ = true;
    lock.unlock();
    try {
      if (batch* const b = in_.next(wanted)) {
        std::swap(next.result, *b);
      } else {
        next.end = true;
      }
    } catch (...) {
      next.error = std::current_exception();
    }
    lock.lock();
    pulling_ = false;
    ended_ = !next.has_batch();
    return next;
  }

  void work_on(held_lock& lock, std::uint64_t turn, const batch_function& work) {
    slot& mine = slot_of(turn);
    wake_a_lane();
    if (mine.has_batch()) {
      lock.unlock();
      try {
        work(mine.result);
      } catch (...) {
        mine.error = std::current_exception();
      }
      lock.lock();
    }
    mine.full = true;
    if (turn == given_) given_turn_.notify_one();
  }

  /// The reader gets the work only if no thread is idle: it has other things to do.
  void wake_a_lane() {
    if (is_over()) {
      may_pull_.notify_all();
    } else if (can_pull()) {
      (idle_ > 0 ? may_pull_ : given_turn_).notify_one();
    }
  }

  received take(slot& next, batch& out) {
    if (next.error) std::rethrow_exception(next.error);
    if (next.end) return received::end;
    std::swap(out, next.result);
    next.full = false;
    ++given_;
    wake_a_lane();
    return received::item;
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    may_pull_.notify_all();
  }

  clock& time_;
  stream in_;  ///< who set pulling_ steps it

  std::mutex mutex_;  ///< guards what follows, but not what is in a slot: that has one owner
  std::condition_variable may_pull_;
  std::condition_variable given_turn_;
  bool pulling_ = false;
  bool ended_ = false;
  bool stopped_ = false;
  std::size_t idle_ = 0;
  std::uint64_t pulled_ = 0;
  std::uint64_t given_ = 0;
  std::vector<slot> window_;

  batch_function readers_work_;
  crew threads_;
};

}  // namespace

stream in_lanes(stream in, std::size_t lanes, lane_factory make, const context* with) {
  lane_crew lanes_at_work(std::move(in), lanes, make, *with);
  batch out(with->pool);
  for (;;) {
    const received got = lanes_at_work.receive(out, co_await request);
    if (got == received::end) co_return;
    co_yield out;
    out.reset(with->pool);
  }
}

}  // namespace weir
