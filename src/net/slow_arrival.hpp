#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace weir {

/// Tells whether bytes come too slowly for who waits for them. Waiting uses up patience, and each
/// byte gives some of it back: who is slower than the network never loses any.
class slow_arrival {
 public:
  /// `waited` for bytes, of which `bytes` came.
  void note(std::chrono::nanoseconds waited, std::size_t bytes) noexcept {
    left_ -= waited;
    const auto worth = static_cast<std::int64_t>(bytes / bytes_per_us);
    left_ = std::min<std::chrono::nanoseconds>(left_ + std::chrono::microseconds{worth}, patience);
  }
  /// How much longer one waits before it is too slow; nothing, or less, once it is.
  std::chrono::nanoseconds left() const noexcept { return left_; }

 private:
  /// Two or three times what object stores give in one connection.
  static constexpr std::size_t bytes_per_us = 256;
  static constexpr std::chrono::nanoseconds patience = std::chrono::milliseconds{50};

  std::chrono::nanoseconds left_ = patience;
};

}  // namespace weir
