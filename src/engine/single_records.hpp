#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// The records that a split hands on singly: first to the branches that have not come as far as the
/// others, and to those with the next step. Without wishes of its own: the split asks and tells.
class single_records {
 public:
  /// A branch, by its place, and its share of the record.
  using waiting_share = std::pair<std::size_t, batch>;

  void begin(bool possible) noexcept { on_ = possible; }
  void end() noexcept { on_ = false; }
  /// A batch comes in.
  void meet() noexcept { left_ = most; }
  /// Whether the next record of `b` is to go singly.
  bool want(const batch& b) const noexcept { return on_ && left_ > 0 && !b.empty(); }

  /// Takes the first record out of `b`, and the rest of it for later.
  batch take_first(batch& b, const std::shared_ptr<block_pool>& pool) {
    --left_;
    batch first(pool);
    const bool all = first.absorb(b, 1, SIZE_MAX);
    if (!all) rest_ = std::move(b);
    return first;
  }
  /// What `take_first` left, if it has not been taken since.
  std::optional<batch> take_rest() noexcept { return std::exchange(rest_, std::nullopt); }

  /// Some branches have the record, the others wait for theirs.
  void hold_back(batch record, std::vector<waiting_share> waiting) {
    held_back_ = std::move(record);
    waiting_ = std::move(waiting);
  }
  bool holds_back() const noexcept { return held_back_.has_value(); }
  const batch& held_back() const noexcept { return *held_back_; }
  std::vector<waiting_share> take_waiting() noexcept { return std::exchange(waiting_, {}); }
  /// All branches have it.
  void let_go() noexcept { held_back_.reset(); }

  /// More was read than was handed on.
  bool any() const noexcept { return held_back_.has_value() || rest_.has_value(); }

 private:
  /// How many records of a batch go singly: a branch that holds all until the end (`sort`) must not
  /// slow down the others.
  static constexpr std::size_t most = 64;

  bool on_ = false;
  std::size_t left_ = 0;
  std::optional<batch> held_back_;
  std::vector<waiting_share> waiting_;
  std::optional<batch> rest_;  ///< of the batch that it was in
};

}  // namespace weir
