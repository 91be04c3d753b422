#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/shard_key.hpp"

namespace weir {

/// A Bloom filter: tells of nearly every key that was not added that it was not. Some 12 bits a
/// key, and no more than 16 MiB, from where on it errs more often.
class key_filter {
 public:
  explicit key_filter(std::uint64_t keys)
      : bits_(std::clamp<std::uint64_t>(keys * 12, 64, most_bits)), words_(bits_ / 64 + 1) {}

  void add(const shard_key& key) {
    for (const std::uint64_t at : places_of(key)) words_[at / 64] |= std::uint64_t{1} << at % 64;
  }
  bool may_have(const shard_key& key) const {
    return std::ranges::all_of(
        places_of(key), [this](std::uint64_t at) { return (words_[at / 64] >> at % 64 & 1) != 0; });
  }

 private:
  static constexpr std::uint64_t most_bits = std::uint64_t{1} << 27;

  /// Keys are hashes already.
  std::array<std::uint64_t, 4> places_of(const shard_key& key) const {
    std::array<std::uint64_t, 4> places{};
    std::uint64_t hash = key.high;
    for (std::uint64_t& place : places) {
      hash = (hash ^ key.low) * 0x9e3779b97f4a7c15;
      place = (hash >> 20) % bits_;
    }
    return places;
  }

  std::uint64_t bits_;
  std::vector<std::uint64_t> words_;
};

}  // namespace weir
