#pragma once
#include <vector>

#include "weir/source.hpp"

namespace weir {

/// How far the shards of a path have come since the last commit.
class shard_positions {
 public:
  /// The path is through with `b`.
  void note(const batch& b);
  void clear() noexcept { places_.clear(); }

  /// In the order in which the shards first moved.
  const std::vector<shard_place>& places() const noexcept { return places_; }
  /// False while records have gone on whose positions are still to come (behind a `sort`): a commit
  /// now would deliver them once more after a crash.
  bool cover_all() const noexcept { return !ahead_; }

  friend bool operator==(const shard_positions&, const shard_positions&) = default;

 private:
  std::vector<shard_place> places_;
  bool ahead_ = false;
};

}  // namespace weir
