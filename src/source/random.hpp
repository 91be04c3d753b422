#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir {

/// A small generator of well-mixed numbers (SplitMix64, Steele, Lea and Flood 2014). Seeding is
/// free, so that each record can have one of its own: record i is the same whatever was made before
/// it.
class record_random {
 public:
  record_random(std::uint64_t seed, std::uint64_t index) noexcept
      : state_(mix(seed) ^ (index * golden)) {}

  std::uint64_t next() noexcept { return mix(state_ += golden); }
  /// Evenly from [0, bound). `bound` is not 0 and far below 2^32: the bias is bound / 2^32.
  std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  /// True in `share` of all cases.
  bool chance(double share) noexcept { return static_cast<double>(next() >> 11) * 0x1p-53 < share; }
  template <class T>
  const T& one_of(std::span<const T> choices) noexcept {
    return choices[below(static_cast<std::uint32_t>(choices.size()))];
  }
  template <class T, std::size_t N>
  const T& one_of(const std::array<T, N>& choices) noexcept {
    return one_of(std::span<const T>{choices});
  }

 private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
  static std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace weir
