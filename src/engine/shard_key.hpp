#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// The XXH3-128 hash of a shard's identity.
struct shard_key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const shard_key&, const shard_key&) = default;
};

shard_key key_of(std::string_view identity);
/// The name of a shard in the log: its key in hex.
std::string shard_id(std::string_view identity);
/// The key that `shard_id` wrote. Throws weir::error (io) if `text` is none.
shard_key key_in(std::string_view text);

}  // namespace weir
