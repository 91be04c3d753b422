#include "engine/shard_key.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::size_t half_digits = 16;

bool take_half(std::string_view digits, std::uint64_t& half) {
  const char* const end = digits.data() + digits.size();
  return std::from_chars(digits.data(), end, half, 16).ptr == end;
}

}  // namespace

shard_key key_of(std::string_view identity) {
  const XXH128_hash_t h = XXH3_128bits(identity.data(), identity.size());
  return {h.high64, h.low64};
}

shard_key key_in(std::string_view text) {
  shard_key key;
  if (text.size() == 2 * half_digits && take_half(text.substr(0, half_digits), key.high) &&
      take_half(text.substr(half_digits), key.low)) {
    return key;
  }
  throw error(exit_code::io, fmt::format("\"{}\" is no shard's id", text));
}

std::string shard_id(std::string_view identity) {
  const shard_key key = key_of(identity);
  return fmt::format("{:016x}{:016x}", key.high, key.low);
}

}  // namespace weir
