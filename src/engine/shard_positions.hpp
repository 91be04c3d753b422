#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "weir/source.hpp"

namespace weir {

/// How far the shards of a path have come since the last commit.
class shard_positions {
 public:
  /// The path is through with `b`. A run that ends its shard counts also if it is empty: a source
  /// that says so once more has another token of it.
  void note(const batch& b);
  void clear() noexcept {
    places_.clear();
    parser_states_.clear();
    ended_.clear();
    indices_.clear();
  }

  /// In the order in which the shards first moved.
  const std::vector<shard_place>& places() const noexcept { return places_; }
  /// The latest run::parser_state of a shard that moved; null for none.
  std::shared_ptr<const std::string> parser_state_of(const shard& which) const;
  /// Whether a shard that moved has come to its end.
  bool has_ended(const shard& which) const;
  /// False while records have gone on whose positions are still to come (behind a `sort`): a commit
  /// now would deliver them once more after a crash.
  bool cover_all() const noexcept { return !ahead_; }

  /// They have come as far, in whatever order, and whatever parsers keep.
  friend bool operator==(const shard_positions& a, const shard_positions& b) noexcept {
    return a.ahead_ == b.ahead_ && a.places_.size() == b.places_.size() && b.has_all_of(a);
  }

 private:
  std::size_t index_of(const std::shared_ptr<const shard>& which);
  bool has_all_of(const shard_positions& other) const noexcept;

  std::vector<shard_place> places_;
  std::vector<std::shared_ptr<const std::string>> parser_states_;  ///< one for each place
  std::vector<bool> ended_;                                        ///< one for each place
  std::unordered_map<const shard*, std::size_t> indices_;          ///< of the places
  bool ahead_ = false;
};

}  // namespace weir
