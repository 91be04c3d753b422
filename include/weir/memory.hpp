#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace weir {

/// Bytes that vector instructions may read past the end of any block's content.
inline constexpr std::size_t block_padding = 64;
/// The usual block. Reading in 256 KiB steps measured faster than in 4 MiB: it stays in the L2
/// cache.
inline constexpr std::size_t block_bytes = 256 * 1024;

/// The ceiling for the bytes that one pipeline holds: buffers, queues, windows, batches. It counts;
/// it allocates nothing. Safe to use from several threads.
class budget {
 public:
  explicit budget(std::size_t limit_bytes) noexcept : limit_(limit_bytes) {}

  /// Takes `bytes` if they fit under the ceiling.
  bool try_take(std::size_t bytes) noexcept;
  /// Takes `bytes` even over the ceiling: for work that has begun and must end to give bytes back.
  void take(std::size_t bytes) noexcept;
  void give_back(std::size_t bytes) noexcept;

  std::size_t limit_bytes() const noexcept { return limit_; }
  std::size_t used_bytes() const noexcept { return used_.load(std::memory_order_relaxed); }
  std::size_t peak_bytes() const noexcept { return peak_.load(std::memory_order_relaxed); }
  /// True while there is no room for another block: a reader pauses, and a stage that holds records
  /// hands them on.
  bool exhausted() const noexcept { return used_bytes() + block_bytes > limit_; }

 private:
  void note_peak(std::size_t now) noexcept;

  std::size_t limit_;
  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> peak_{0};
};

/// The part of a budget that somebody holds for other things than blocks. Gives it back at its end.
class budget_share {
 public:
  explicit budget_share(std::shared_ptr<budget> of) noexcept : of_(std::move(of)) {}
  ~budget_share() { of_->give_back(bytes_); }
  budget_share(const budget_share&) = delete;
  budget_share& operator=(const budget_share&) = delete;

  /// Holds `bytes` from now on. False, and all as it was, if more is asked for than there is.
  bool try_hold(std::size_t bytes) noexcept;
  /// The same, even over the budget.
  void hold(std::size_t bytes) noexcept;

 private:
  std::shared_ptr<budget> of_;
  std::size_t bytes_ = 0;
};

/// A fixed piece of memory, shared by reference count. It is written by whoever holds it alone and
/// read-only once it is shared.
class block {
 public:
  explicit block(std::size_t capacity_bytes);
  char* data() noexcept { return data_.get(); }
  const char* data() const noexcept { return data_.get(); }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_;
};

/// Hands out blocks and takes them back, so that the steady state allocates nothing and touches no
/// fresh pages. Every block that is out counts against the budget. Safe to use from several
/// threads; blocks may outlive the pool.
class block_pool {
 public:
  explicit block_pool(std::shared_ptr<budget> ceiling);

  /// A block of at least `min_bytes`, or nullptr when the budget is used up: pause and ask later.
  std::shared_ptr<block> try_take(std::size_t min_bytes = block_bytes);
  /// The same, even over the budget.
  std::shared_ptr<block> take(std::size_t min_bytes = block_bytes);

  budget& ceiling() const noexcept;
  const std::shared_ptr<budget>& shared_ceiling() const noexcept;

 private:
  struct shelf;
  std::shared_ptr<block> wrap(std::unique_ptr<block> taken);
  std::shared_ptr<shelf> shelf_;
};

/// A bump allocator over pool blocks. What it gives lives as long as the arena. One thread at a
/// time.
class arena {
 public:
  explicit arena(std::shared_ptr<block_pool> pool) noexcept : pool_(std::move(pool)) {}

  /// `bytes` of uninitialised memory, followed by `block_padding` readable bytes.
  char* allocate(std::size_t bytes) {
    if (bytes > room_) [[unlikely]]
      grow(bytes);
    char* const place = next_;
    next_ += bytes;
    room_ -= bytes;
    return place;
  }
  /// Gives back the tail of the latest allocation.
  void shrink_last(std::size_t unused_bytes) noexcept {
    next_ -= unused_bytes;
    room_ += unused_bytes;
  }
  std::string_view copy(std::string_view text);
  /// Keeps `shared` alive as long as the arena.
  void adopt(std::shared_ptr<const block> shared) { adopted_.push_back(std::move(shared)); }

  /// Bytes of the blocks that the arena keeps alive, its own and adopted ones.
  std::size_t pinned_bytes() const noexcept;
  const std::shared_ptr<block_pool>& pool() const noexcept { return pool_; }

 private:
  void grow(std::size_t bytes);

  std::shared_ptr<block_pool> pool_;
  std::vector<std::shared_ptr<block>> own_;
  std::vector<std::shared_ptr<const block>> adopted_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace weir
