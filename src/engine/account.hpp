#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "weir/batch.hpp"

namespace weir {

/// What became of the records of one path, one shard, or the whole run. Always:
///   in + created = delivered + filtered + rejected + joined
struct account {
  std::uint64_t in = 0;
  std::uint64_t created = 0;
  std::uint64_t delivered = 0;
  std::uint64_t filtered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t joined = 0;
  std::uint64_t blank = 0;
  std::uint64_t bytes_in = 0;
  std::map<fate, std::uint64_t> filtered_by;
  std::map<std::string, std::uint64_t, std::less<>> rejected_by;

  bool balances() const noexcept {
    return in + created == delivered + filtered + rejected + joined;
  }
  /// Counts `count` records that ended with `f`. Does not count them as `in`.
  void end(fate f, std::uint64_t count = 1);
  void add(const account& other);
};

/// What `b` says of one of its runs: how much came in and what ended on the way. Its live records
/// are counted as `in` and nothing else.
account account_of(const run& r, std::span<const record> held);

}  // namespace weir
