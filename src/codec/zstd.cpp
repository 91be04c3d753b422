#include <zstd.h>
#include <zstd_errors.h>

#include <bit>
#include <new>

#include "codec/piecewise.hpp"

namespace weir {
namespace {

/// RFC 8878 frames and skippable frames.
class zstd_decoder final : public piecewise_decoder {
 public:
  explicit zstd_decoder(std::size_t window_max_bytes)
      : z_(ZSTD_createDCtx()), window_max_bytes_(window_max_bytes) {
    if (!z_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(z_.get(), ZSTD_d_windowLogMax,
                           static_cast<int>(std::bit_width(window_max_bytes)) - 1);
  }

  void begin_member() override {
    ZSTD_DCtx_reset(z_.get(), ZSTD_reset_session_only);
    wants(smallest_header_bytes);
  }

  /// It is filled, and so becomes real memory, only as content comes out.
  std::size_t window_bytes() const override { return ZSTD_sizeof_DCtx(z_.get()); }

 private:
  static constexpr std::size_t smallest_header_bytes = 5;
  /// The library's hint is the rest of a block and the header of the next.
  static constexpr std::size_t block_header_bytes = 3;

  struct free_context {
    void operator()(ZSTD_DCtx* z) const noexcept { ZSTD_freeDCtx(z); }
  };

  decoded decode(std::string_view& in, std::span<char>& out) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(z_.get(), &to, &from);
    in.remove_prefix(from.pos);
    out = out.subspan(to.pos);
    if (ZSTD_isError(code)) return judge(ZSTD_getErrorCode(code));
    wants(code > block_header_bytes ? code - block_header_bytes : code);
    return {code == 0 ? decoded::kind::member_end : decoded::kind::more};
  }

  decoded judge(ZSTD_ErrorCode code) const {
    switch (code) {
      case ZSTD_error_memory_allocation:
        throw std::bad_alloc();
      case ZSTD_error_checksum_wrong:
        return {decoded::kind::corrupt, "checksum mismatch"};
      case ZSTD_error_frameParameter_windowTooLarge:
        return {decoded::kind::corrupt, window_max_bytes_ < largest_window_bytes
                                            ? no_room_for_window
                                            : "window is larger than 128 MiB"};
      case ZSTD_error_dictionary_wrong:
        return {decoded::kind::corrupt, "needs a dictionary"};
      default:
        return {decoded::kind::corrupt, "corrupt data"};
    }
  }

  std::unique_ptr<ZSTD_DCtx, free_context> z_;
  std::size_t window_max_bytes_;
};

}  // namespace

std::unique_ptr<decoder> make_zstd_decoder(std::size_t window_max_bytes) {
  return std::make_unique<zstd_decoder>(window_max_bytes);
}

}  // namespace weir
