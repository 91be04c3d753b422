#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/account.hpp"

namespace weir {

/// The counts of a path: in total and for each shard. The ledger of a route's branch tells the one
/// before the split what became of the records that this one has counted as `in`.
class ledger {
 public:
  explicit ledger(ledger* before_split = nullptr) : before_split_(before_split) {}

  /// Shards that are told apart; more are in the total only.
  static constexpr std::size_t most_shards = 1000;

  struct shard_account {
    std::string name;
    std::string identity;
    account counts;
    std::optional<account> committed{};  ///< as it was, if `counts` has changed since the commit
  };

  /// Counts what `b` brought in and what ended on its way. Its live records count as `live_as`:
  /// `delivered` at a sink; `live` in front of a split, whose branches end them.
  void settle(const batch& b, fate live_as);
  /// One record that ended behind a split.
  void end(const shard& source, fate f, std::string_view why);

  /// What was counted up to here holds, whatever becomes of the run.
  void commit();
  /// Forgets what was counted since the last commit, or ever: it did not arrive for good.
  void take_back();
  /// When a run breaks off: records that are on their way behind a split count as never read.
  void forget_unended();

  const account& total() const noexcept { return total_; }
  const std::vector<shard_account>& shards() const noexcept { return shards_; }
  std::uint64_t shards_seen() const noexcept { return seen_; }

 private:
  /// What counts are about: what a shard gave, or how records of it ended.
  enum class about : std::uint8_t { input, ends };

  shard_account* of(const shard& source, about part);
  void add(const shard& source, const account& counts, about part);
  void add_ends(const shard& source, account counts);

  ledger* before_split_;
  account total_;
  account committed_;
  std::vector<shard_account> shards_;
  std::unordered_map<std::string, std::size_t> by_identity_;
  std::string latest_identity_;
  std::uint64_t seen_ = 0;
};

}  // namespace weir
