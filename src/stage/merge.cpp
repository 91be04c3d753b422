#include "stage/merge.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/boundary.hpp"
#include "base/wait.hpp"
#include "stage/boundary.hpp"

namespace weir {
namespace {

/// Batches that a shard is read ahead: enough to keep its thread busy while its turn comes.
constexpr std::size_t batches_ahead = 4;
/// What a shard that waits for its turn may hold: those batches, one on its way into the queue and
/// one being read, each with the block that it views and one for the line that began before it.
constexpr std::size_t bytes_ahead = (batches_ahead + 2) * 2 * block_bytes;

/// How many shards may be open, so that those that wait for their turn leave half of the budget to
/// the one that has it: else they could take all of it, and nobody would ever go on.
std::size_t width_within(const budget& ceiling, std::size_t width) {
  return std::min(width, 1 + ceiling.limit_bytes() / 2 / bytes_ahead);
}

/// Where threads that may not read at present wait for others to end a shard.
class waiting_room {
 public:
  explicit waiting_room(clock& time) : time_(time) {}

  std::uint64_t ends() {
    const std::lock_guard lock(mutex_);
    return ends_;
  }
  /// Until there are more than `ends`, or nothing more will come.
  void wait(std::uint64_t ends) {
    std::unique_lock lock(mutex_);
    wait_for(time_, lock, changed_, never, [&] { return over_ || ends_ > ends; });
  }
  void one_ended(bool was_last) {
    const std::lock_guard lock(mutex_);
    ++ends_;
    over_ = over_ || was_last;
    changed_.notify_all();
  }

 private:
  clock& time_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::uint64_t ends_ = 0;
  bool over_ = false;
};

/// The threads of a merge in any order: each takes the next shard of the listing when its own has
/// ended.
class shard_crew {
 public:
  shard_crew(shard_openers listing, std::size_t width, const context& with)
      : listing_(std::move(listing)),
        working_(width),
        waiting_(*with.time),
        queue_(width * batches_ahead, *with.time, network_yields),
        threads_(with, [this] { stop(); }) {
    for (std::size_t i = 0; i < width; ++i) threads_.start([this] { read_shards(); });
  }

  received receive(batch& out, const pull& wanted) {
    if (wanted.drain) threads_.drain();
    return queue_.receive(out, wanted.until);
  }

 private:
  void stop() {
    waiting_.one_ended(true);
    queue_.hang_up();
  }

  void read_shards() {
    try {
      while (read_one()) waiting_.one_ended(false);
    } catch (...) {
      return queue_.end(std::current_exception());
    }
    waiting_.one_ended(true);
    const std::lock_guard lock(mutex_);
    if (--working_ == 0) queue_.end();
  }

  /// False once there is nothing more to read, or nobody who wants it.
  bool read_one() {
    for (;;) {
      const std::uint64_t ends = waiting_.ends();
      const std::optional<shard_opener> open = next_shard();
      if (!open) return false;
      if (*open) return read((*open)());
      waiting_.wait(ends);
    }
  }

  bool read(stream shard) {
    while (batch* b = shard.next(threads_.wanted())) {
      if (!queue_.send(std::move(*b))) return false;
    }
    return true;
  }

  std::optional<shard_opener> next_shard() {
    const std::lock_guard lock(mutex_);
    if (threads_.wanted().drain) return std::nullopt;
    const shard_opener* const next = listing_.next();
    return next != nullptr ? std::optional{*next} : std::nullopt;
  }

  std::mutex mutex_;  ///< guards listing_ and working_
  shard_openers listing_;
  std::size_t working_;
  waiting_room waiting_;
  channel<batch> queue_;
  crew threads_;
};

/// Tells whether the reader of a shard has so much to do between its pulls that a thread should go
/// on reading meanwhile. Handing over to one costs more than a reader who only counts.
class reader_work {
 public:
  explicit reader_work(clock& time) : time_(time), since_(time.now()) {}

  void has_pulled() { pulling_ += lap(); }
  void is_back() { elsewhere_ += lap(); }
  bool is_much() const { return elsewhere_ > std::max(pulling_ / 4, certain_after); }

 private:
  static constexpr std::chrono::nanoseconds certain_after = std::chrono::milliseconds{2};

  std::chrono::nanoseconds lap() {
    const time_point before = std::exchange(since_, time_.now());
    return since_ - before;
  }

  clock& time_;
  time_point since_;
  std::chrono::nanoseconds pulling_{0};
  std::chrono::nanoseconds elsewhere_{0};
};

/// The only shard: read by who pulls, until that has enough to do.
stream alone(stream shard, const context* with) {
  reader_work work(*with->time);
  while (!work.is_much()) {
    batch* const some = shard.next(co_await request);
    if (some == nullptr) co_return;
    work.has_pulled();
    co_yield *some;
    work.is_back();
  }
  stream ahead = buffered(std::move(shard), batches_ahead, with, network_yields);
  while (batch* const some = ahead.next(co_await request)) co_yield *some;
}

/// An opener is forgotten once it was used: it may hold a turn that others wait for. That it was
/// not yet the second one's turn may have changed.
shard_openers rejoined(shard_opener first, shard_opener second, shard_openers rest) {
  co_yield first;
  first = {};
  if (second) co_yield second;
  second = {};
  while (shard_opener* const next = rest.next()) co_yield *next;
}

stream several(shard_openers listing, std::size_t width, const context* with) {
  width = width_within(with->pool->ceiling(), width);
  std::deque<std::unique_ptr<boundary<batch>>> ahead;
  batch out(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    while (!wanted.drain && ahead.size() < width) {
      shard_opener* const open = listing.next();
      if (open == nullptr || !*open) break;
      ahead.push_back(
          std::make_unique<boundary<batch>>((*open)(), batches_ahead, *with, network_yields));
    }
    if (ahead.empty()) co_return;
    const received got = ahead.front()->receive(out, wanted);
    if (got == received::end) {
      ahead.pop_front();
      if (wanted.drain) co_return;
      continue;
    }
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

}  // namespace

stream merged(shard_openers listing, std::size_t width, const context* with) {
  const bool drained = (co_await request).drain;
  const shard_opener* next = drained ? nullptr : listing.next();
  if (next == nullptr) co_return;
  shard_opener first = *next;
  next = listing.next();
  stream all = next == nullptr
                   ? alone(first(), with)
                   : several(rejoined(std::move(first), *next, std::move(listing)), width, with);
  while (batch* const some = all.next(co_await request)) co_yield *some;
}

stream merged_any_order(shard_openers listing, std::size_t width, const context* with) {
  shard_crew crew(std::move(listing), width, *with);
  batch out(with->pool);
  for (;;) {
    const received got = crew.receive(out, co_await request);
    if (got == received::end) co_return;
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

}  // namespace weir
