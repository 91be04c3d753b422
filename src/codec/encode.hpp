#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "codec/codec.hpp"

namespace weir {

/// Compresses bytes as they come. What it makes is appended to `out`, some of it only later; after
/// `end_member` everything written so far can be decompressed from what came out, and the next
/// `write` begins a new member (gzip) or frame (zstd).
class encoder {
 public:
  virtual ~encoder() = default;
  virtual void write(std::string_view bytes, std::string& out) = 0;
  /// Ends the member. Does nothing if nothing was written since the last one, except for the first:
  /// an empty file is an empty member.
  virtual void end_member(std::string& out) = 0;
};

/// The levels that `make_encoder` takes: 1 to 9 for gzip, 1 to 19 for zstd.
int highest_level(codec as) noexcept;
/// A level that costs little time: 3 for both.
inline constexpr int default_level = 3;

/// `as` is gzip or zstd. Levels 1 to 3 of gzip are ISA-L's, several times as fast as zlib's, which
/// has the rest. The same bytes in the same writes give the same output.
std::unique_ptr<encoder> make_encoder(codec as, int level = default_level);

}  // namespace weir
