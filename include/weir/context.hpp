#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "weir/memory.hpp"
#include "weir/stream.hpp"

namespace weir {

/// Wakes whoever waits at a leaf: a signal came, or a reader on another thread wants to drain. One
/// of these belongs to each pipeline; any thread may call it.
class interrupt {
 public:
  interrupt();
  ~interrupt();
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;

  /// The pipeline is to end: every wait from now on returns at once. Async-signal-safe.
  void stop() noexcept;
  bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }
  /// When that was noticed first: `now`, unless somebody asked before. By one clock. Precondition:
  /// stopped().
  time_point stopped_since(time_point now) noexcept;
  /// Wakes those who wait now, until `calm`. Nudges count.
  void nudge() noexcept;
  void calm() noexcept;
  /// Readable while there is a reason to wake.
  int fd() const noexcept { return fd_; }

 private:
  void poke() const noexcept;

  int fd_;
  std::atomic<bool> stopped_{false};
  std::atomic<time_point> noticed_{never};
  std::mutex mutex_;
  int nudges_ = 0;
};

/// Time, and the only place where weir waits. Tests replace it by one whose time jumps.
class clock {
 public:
  enum class woken : std::uint8_t { ready, timeout, interrupted };

  virtual ~clock() = default;
  virtual time_point now() const = 0;
  /// Nanoseconds since 1970.
  virtual std::int64_t wall_ns() const = 0;
  /// Waits until `fd` is readable (-1: wait for time alone), `until` has come, or `wake` wakes.
  virtual woken wait_readable(int fd, interrupt& wake, time_point until) = 0;
  /// Waits on `changed` until `until`; may wake spuriously. False once the time has come.
  virtual bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                    time_point until) = 0;
};

class disk;
struct framing;
struct shard;

/// What a pipeline's parts share: given to every component when it is opened, and alive until all
/// of them are gone.
struct context {
  std::shared_ptr<block_pool> pool;
  clock* time = nullptr;
  interrupt* wake = nullptr;
  disk* files = nullptr;
  /// The wall clock at the start of the run: what `now()` means, also when a run is resumed.
  std::int64_t started_ns = 0;
  /// On how many threads the pipeline works. With more than one, a source may read ahead on
  /// another.
  std::size_t lanes = 1;
  /// Tells people, at once, what they should know although the run goes on. May be empty; any
  /// thread may call it.
  std::function<void(const std::string&)> say = {};
  /// What a parser kept of a shard in an earlier run (`run::parser_state`); empty for nothing.
  /// Unset without a state. Safe from any thread.
  std::function<std::string(const shard&)> parser_state = {};
  /// How a source cuts its bytes into records; null for lines.
  const framing* cut_by = nullptr;
};

}  // namespace weir
