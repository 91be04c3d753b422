#include "stage/merge.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
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

/// How many shards may be begun, so that those that wait for their turn leave half of the budget to
/// the one that has it: else they could take all of it, and nobody would ever go on.
std::size_t most_within(const budget& ceiling, std::size_t wanted) {
  return std::min(wanted, 1 + ceiling.limit_bytes() / 2 / bytes_ahead);
}

/// Threads that read the shards of a listing: each takes the next one when its own has ended. In
/// the order of the listing each shard has a queue, and twice as many of them as threads may wait
/// to be emitted: who has read a small one seldom waits for its turn. In any order one queue is for
/// all.
class shard_crew {
 public:
  enum class order : std::uint8_t { listing, any };

  shard_crew(shard_openers listing, order how, std::size_t width, const context& with)
      : listing_(std::move(listing)),
        most_begun_(most_within(with.pool->ceiling(), 2 * width)),
        time_(*with.time),
        common_(how == order::any ? new_queue(width * batches_ahead) : nullptr),
        working_(width),
        threads_(with, [this] { stop(); }) {
    if (common_) ahead_.push_back(common_);
    for (std::size_t i = 0; i < width; ++i) threads_.start([this] { work(); });
  }

  received receive(batch& out, const pull& wanted) {
    if (wanted.drain) threads_.drain();
    for (;;) {
      const received known = await_first(wanted.until);
      if (known != received::item) return known;
      const received got = first_->receive(out, wanted.until);
      if (got != received::end) return got;
      forget_first();
      if (wanted.drain) return received::end;
    }
  }

 private:
  using queue = std::shared_ptr<channel<batch>>;
  struct task {
    shard_opener open;
    queue into;
  };

  queue new_queue(std::size_t batches) {
    return std::make_shared<channel<batch>>(batches, time_, network_yields);
  }

  /// The queue that is emitted first, into `first_`.
  received await_first(time_point until) {
    if (first_) return received::item;
    std::unique_lock lock(mutex_);
    const auto is_known = [this] { return !ahead_.empty() || working_ == 0; };
    if (!wait_for(time_, lock, begun_, until, is_known, network_yields)) return received::timeout;
    if (ahead_.empty() && failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
    if (ahead_.empty()) return received::end;
    first_ = ahead_.front();
    return received::item;
  }

  void forget_first() {
    first_.reset();
    const std::lock_guard lock(mutex_);
    ahead_.pop_front();
    changed_.notify_all();
  }

  void work() {
    while (auto next = next_task()) read(*next);
    const std::lock_guard lock(mutex_);
    if (--working_ > 0) return;
    if (common_) common_->end();
    begun_.notify_one();
  }

  /// An opener is forgotten once it was used: it may hold a turn that others wait for.
  void read(task& next) {
    try {
      stream records = std::exchange(next.open, nullptr)();
      while (batch* const some = records.next(threads_.wanted())) {
        if (!next.into->send(std::move(*some))) break;
      }
      if (!common_) next.into->end();
    } catch (...) {
      next.into->end(std::current_exception());
    }
    const std::lock_guard lock(mutex_);
    ++ends_;
    changed_.notify_all();
  }

  /// Nothing once there is no other shard, or nobody who wants it.
  std::optional<task> next_task() {
    const std::lock_guard walking(walking_);
    try {
      while (may_begin()) {
        const std::uint64_t ends = ends_now();
        shard_opener* const next = listing_.next();
        if (next == nullptr) return std::nullopt;
        if (*next) return begin(std::move(*next));
        await([&] { return ends_ > ends; });
      }
    } catch (...) {
      stop_reading(std::current_exception());
    }
    return std::nullopt;
  }

  bool may_begin() {
    await([this] { return ahead_.size() < most_begun_ || common_; });
    return !over_ && !threads_.wanted().drain;
  }

  std::uint64_t ends_now() {
    const std::lock_guard lock(mutex_);
    return ends_;
  }

  /// Until it is so, or nobody wants more.
  template <class Ready>
  void await(Ready ready) {
    std::unique_lock lock(mutex_);
    wait_for(time_, lock, changed_, never, [&] { return over_ || ready(); }, network_yields);
  }

  /// Nothing if nobody wants more by now: who says so hangs up on the queues that are there.
  std::optional<task> begin(shard_opener open) {
    const std::lock_guard lock(mutex_);
    if (over_) return std::nullopt;
    if (common_) return task{std::move(open), common_};
    ahead_.push_back(new_queue(batches_ahead));
    begun_.notify_one();
    return task{std::move(open), ahead_.back()};
  }

  /// An error of the listing comes behind the shards before it.
  void stop_reading(std::exception_ptr why = nullptr) {
    const std::lock_guard lock(mutex_);
    over_ = true;
    if (why) failed_ = std::move(why);
    changed_.notify_all();
  }

  void stop() {
    stop_reading();
    const std::lock_guard lock(mutex_);
    for (const queue& each : ahead_) each->hang_up();
  }

  std::mutex walking_;  ///< guards listing_
  shard_openers listing_;
  const std::size_t most_begun_;
  clock& time_;
  const queue common_;
  queue first_;       ///< the reader's
  std::mutex mutex_;  ///< guards what follows; taken after walking_
  std::condition_variable begun_;
  std::condition_variable changed_;
  std::deque<queue> ahead_;
  std::size_t working_;
  std::uint64_t ends_ = 0;
  bool over_ = false;
  std::exception_ptr failed_;  ///< why the listing broke off
  crew threads_;
};

/// What the crew reads.
stream read_by(shard_openers listing, shard_crew::order how, std::size_t width,
               const context* with) {
  shard_crew threads(std::move(listing), how, width, *with);
  batch out(with->pool);
  for (;;) {
    const received got = threads.receive(out, co_await request);
    if (got == received::end) co_return;
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

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

}  // namespace

stream merged(shard_openers listing, std::size_t width, const context* with) {
  const bool drained = (co_await request).drain;
  const shard_opener* next = drained ? nullptr : listing.next();
  if (next == nullptr) co_return;
  shard_opener first = *next;
  std::exception_ptr broken;  // an error of the listing comes behind the shards before it
  try {
    next = listing.next();
  } catch (...) {
    broken = std::current_exception();
    next = nullptr;
  }
  stream all = next == nullptr ? alone(first(), with)
                               : read_by(rejoined(std::move(first), *next, std::move(listing)),
                                         shard_crew::order::listing, width, with);
  while (batch* const some = all.next(co_await request)) co_yield *some;
  if (broken) std::rethrow_exception(broken);
}

stream merged_any_order(shard_openers listing, std::size_t width, const context* with) {
  return read_by(std::move(listing), shard_crew::order::any, width, with);
}

}  // namespace weir
