#include "weir/memory.hpp"

#include <algorithm>
#include <cstring>

namespace weir {

void budget::note_peak(std::size_t now) noexcept {
  std::size_t seen = peak_.load(std::memory_order_relaxed);
  while (seen < now && !peak_.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
}

bool budget::try_take(std::size_t bytes) noexcept {
  std::size_t used = used_.load(std::memory_order_relaxed);
  do {
    if (used + bytes > limit_) return false;
  } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  note_peak(used + bytes);
  return true;
}

void budget::take(std::size_t bytes) noexcept {
  note_peak(used_.fetch_add(bytes, std::memory_order_relaxed) + bytes);
}

void budget::give_back(std::size_t bytes) noexcept {
  used_.fetch_sub(bytes, std::memory_order_relaxed);
}

bool budget_share::try_hold(std::size_t bytes) noexcept {
  if (bytes > bytes_ && !of_->try_take(bytes - bytes_)) return false;
  if (bytes < bytes_) of_->give_back(bytes_ - bytes);
  bytes_ = bytes;
  return true;
}

void budget_share::hold(std::size_t bytes) noexcept {
  if (bytes > bytes_) of_->take(bytes - bytes_);
  if (bytes < bytes_) of_->give_back(bytes_ - bytes);
  bytes_ = bytes;
}

// The padding is zeroed once, so that what vector instructions read there is at least defined.
block::block(std::size_t capacity_bytes)
    : data_(std::make_unique_for_overwrite<char[]>(capacity_bytes + block_padding)),
      capacity_(capacity_bytes) {
  std::memset(data_.get() + capacity_bytes, 0, block_padding);
}

/// Where blocks of the usual size wait for their next use. Blocks that are out keep it alive.
struct block_pool::shelf {
  explicit shelf(std::shared_ptr<budget> b) : ceiling(std::move(b)) {}

  /// 64 MiB of them, for all threads. Given back to malloc, each would lie in the arena of the
  /// thread that had asked for it, where the others do not find it.
  static constexpr std::size_t most_idle = (std::size_t{64} << 20) / block_bytes;

  std::shared_ptr<budget> ceiling;
  std::mutex mutex;
  std::vector<std::unique_ptr<block>> idle;

  std::unique_ptr<block> take(std::size_t min_bytes) {
    if (min_bytes > block_bytes) return std::make_unique<block>(min_bytes);
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto taken = std::move(idle.back());
        idle.pop_back();
        return taken;
      }
    }
    return std::make_unique<block>(block_bytes);
  }

  void put(std::unique_ptr<block> back) {
    ceiling->give_back(back->capacity());
    if (back->capacity() != block_bytes) return;
    const std::lock_guard lock(mutex);
    if (idle.size() < most_idle) idle.push_back(std::move(back));
  }
};

block_pool::block_pool(std::shared_ptr<budget> ceiling)
    : shelf_(std::make_shared<shelf>(std::move(ceiling))) {}

std::shared_ptr<block> block_pool::wrap(std::unique_ptr<block> taken) {
  return {taken.release(), [home = shelf_](block* b) { home->put(std::unique_ptr<block>(b)); }};
}

std::shared_ptr<block> block_pool::try_take(std::size_t min_bytes) {
  if (!shelf_->ceiling->try_take(std::max(min_bytes, block_bytes))) return nullptr;
  return wrap(shelf_->take(min_bytes));
}

std::shared_ptr<block> block_pool::take(std::size_t min_bytes) {
  shelf_->ceiling->take(std::max(min_bytes, block_bytes));
  return wrap(shelf_->take(min_bytes));
}

budget& block_pool::ceiling() const noexcept {
  return *shelf_->ceiling;
}

const std::shared_ptr<budget>& block_pool::shared_ceiling() const noexcept {
  return shelf_->ceiling;
}

std::string_view arena::copy(std::string_view text) {
  char* const place = allocate(text.size());
  if (!text.empty()) std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

std::size_t arena::pinned_bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& b : own_) sum += b->capacity();
  for (const auto& b : adopted_) sum += b->capacity();
  return sum;
}

// What is left of the old block is given up: at most one allocation's worth in a quarter of a
// megabyte.
void arena::grow(std::size_t bytes) {
  own_.push_back(pool_->take(bytes));
  next_ = own_.back()->data();
  room_ = own_.back()->capacity();
}

}  // namespace weir
