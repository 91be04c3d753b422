#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/disk.hpp"

namespace weir {

/// A place in a spool, between two blocks: how much was ever put into it in front of it. Never goes
/// back; segments that were deleted still count.
struct spool_place {
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  friend auto operator<=>(const spool_place&, const spool_place&) = default;
};

/// What a file of a spool begins with: a line that says what it is, with a sum over it.
/// Blocks follow up to its end.
struct segment_heading {
  static constexpr std::size_t size_bytes = 110;

  bool kept = false;  ///< for the next run: its state knows of it
  std::string owner;  ///< 32 hex digits: who may read it
  spool_place base;   ///< of its first block
};
std::string text_of(const segment_heading& h);
/// Nothing unless `text` is exactly one.
std::optional<segment_heading> parse_segment_heading(std::string_view text);

/// The name of a segment's file, by which names sort in the order of their bases.
std::string segment_name(const spool_place& base);
/// Where it says that the segment begins; nothing if it is no such name.
std::optional<std::uint64_t> base_in_name(std::string_view name);

/// What stands in front of a block: its size, its place, and a sum over these and the block, so
/// that neither a byte that changed nor a block that stands elsewhere is believed.
struct block_heading {
  static constexpr std::size_t size_bytes = 28;

  std::uint32_t block_bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t at = 0;  ///< spool_place::bytes of its own beginning
};
std::string text_of(const block_heading& h, std::string_view block);
/// What is said, not yet believed. Precondition: `text` has size_bytes.
block_heading read_block_heading(std::string_view text);
/// Whether `text` and `block` belong together and to the place `at`.
bool is_whole(std::string_view text, std::string_view block, std::uint64_t at);

}  // namespace weir
