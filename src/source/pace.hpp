#pragma once
#include <cmath>
#include <cstdint>

#include "weir/stream.hpp"

namespace weir {

/// When the records of a steady rate are due: the n-th, counted from 1, n periods after the start.
/// Pure.
class pace {
 public:
  /// `per_second` > 0.
  pace(double per_second, time_point start) noexcept
      : start_(start), period_ns_(1e9L / static_cast<long double>(per_second)) {}

  /// How many are due by `now`.
  std::uint64_t due(time_point now) const noexcept {
    const auto elapsed_ns = static_cast<long double>((now - start_).count());
    return elapsed_ns <= 0 ? 0 : static_cast<std::uint64_t>((elapsed_ns + 0.5L) / period_ns_);
  }
  /// A moment at which the n-th is due: at most two nanoseconds late, never early.
  time_point when(std::uint64_t n) const noexcept {
    const auto after_ns = std::llround(static_cast<long double>(n) * period_ns_);
    return start_ + std::chrono::nanoseconds{after_ns + 1};
  }

 private:
  time_point start_;
  long double period_ns_;
};

}  // namespace weir
