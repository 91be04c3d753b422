#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "codec/codec.hpp"

namespace weir {

/// What one step of a decoder came to.
struct decoded {
  enum class kind : std::uint8_t {
    more,        ///< goes on: `in` is used up, or `out` is full
    member_end,  ///< a member ended and its checksums, if it has any, are right; `in` may hold more
    corrupt,  ///< not what the format allows, or a checksum is wrong: what came out of the member
              ///< may be wrong, too
  };
  kind what;
  std::string_view why = {};  ///< of a fault, a constant phrase without the codec's name
};

/// Turns the stored bytes of one codec back into content, a member (gzip), stream (bzip2, xz) or
/// frame (zstd, lz4), file (lzma) at a time: all are called members here. It keeps what it needs
/// between steps, so that any split of the input gives the same output (xz: before corrupt data, a
/// symbol more or less). Memory is bounded whatever sizes the input claims.
class decoder {
 public:
  virtual ~decoder() = default;
  /// Makes ready for a member. Comes before each one.
  virtual void begin_member() = 0;
  /// Decodes from the front of `in` to the front of `out` and shortens both by what it used. If it
  /// left room in `out`, nothing is held back.
  virtual decoded step(std::string_view& in, std::span<char>& out) = 0;
  /// What the decoder holds for the member, beyond a fixed hundred kilobytes or some megabytes
  /// (lz4, bzip2): a window that the input has chosen.
  virtual std::size_t window_bytes() const { return 0; }
  /// True if the input may end here although no end of the member was seen: formats without one.
  virtual bool may_end() const { return false; }
};

std::unique_ptr<decoder> make_gzip_decoder();
std::unique_ptr<decoder> make_zlib_decoder();
std::unique_ptr<decoder> make_zstd_decoder(std::size_t window_max_bytes);
std::unique_ptr<decoder> make_bzip2_decoder();
std::unique_ptr<decoder> make_xz_decoder(std::size_t window_max_bytes);
std::unique_ptr<decoder> make_lz4_decoder();
std::unique_ptr<decoder> make_lzma_decoder(std::size_t window_max_bytes);

/// What a window may take at most, however much memory there is.
inline constexpr std::size_t largest_window_bytes = 128 << 20;
/// The fault of a member that needs a larger window than there is memory for.
inline constexpr std::string_view no_room_for_window =
    "its window does not fit in the memory budget";

/// The decoder of `c`, which is not `none`; a member that needs a larger window is a fault. Throws
/// std::bad_alloc.
std::unique_ptr<decoder> make_decoder(codec c, std::size_t window_max_bytes);

}  // namespace weir
