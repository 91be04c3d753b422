#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>

namespace weir {

/// How much a group may hold so that it is prepared within about a second. A database that refuses
/// rows is asked for each of them, and until that is done nothing of the group is committed, nor
/// does weir end. So the first group is small, and only those that nothing is refused of grow.
class group_size {
 public:
  explicit group_size(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  void add(std::size_t bytes) noexcept { bytes_ += bytes; }
  bool is_full() const noexcept { return bytes_ >= limit_bytes_; }
  /// The group was prepared: the next one begins.
  void note(std::chrono::nanoseconds took, bool some_refused) noexcept {
    bytes_ = 0;
    if (some_refused && took > patience)
      limit_bytes_ = std::max(limit_bytes_ / 4, least_bytes);
    else if (!some_refused || took < patience / 4)
      limit_bytes_ = std::min(limit_bytes_ * 2, most_bytes_);
  }

 private:
  static constexpr std::chrono::nanoseconds patience = std::chrono::seconds{1};
  static constexpr std::size_t least_bytes = 64 << 10;

  std::size_t most_bytes_;
  std::size_t limit_bytes_ = 1 << 20;
  std::size_t bytes_ = 0;
};

}  // namespace weir
