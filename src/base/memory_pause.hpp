#pragma once
#include <algorithm>
#include <chrono>
#include <memory>

#include "weir/context.hpp"

namespace weir {

/// What a source does while the byte budget is used up. The first time it does not wait, so that
/// its empty answer lets downstream hand on what it holds; after that it waits a little longer each
/// time.
class memory_pause {
 public:
  void over() noexcept { next_ = {}; }

  /// A block; or nullptr, after a pause, while there is none: answer with an empty batch then.
  std::shared_ptr<block> take(const context& with, const pull& want) {
    auto space = with.pool->try_take();
    if (space)
      over();
    else
      pause(with, want);
    return space;
  }

  /// Waits, but not beyond `want.until`.
  void pause(const context& with, const pull& want) {
    if (next_.count() > 0) {
      const auto enough = with.time->now() + next_;
      with.time->wait_readable(-1, *with.wake, std::min(want.until, enough));
    }
    next_ = std::clamp(next_ * 2, std::chrono::milliseconds{1}, std::chrono::milliseconds{50});
  }

 private:
  std::chrono::milliseconds next_{};
};

}  // namespace weir
