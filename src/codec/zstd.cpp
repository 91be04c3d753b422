#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "codec/piecewise.hpp"

namespace weir {
namespace {

/// RFC 8878 frames and skippable frames.
class zstd_decoder final : public piecewise_decoder {
 public:
  zstd_decoder() : z_(ZSTD_createDCtx()) {
    if (!z_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(z_.get(), ZSTD_d_windowLogMax, window_log_max);
  }

  void begin_member() override {
    ZSTD_DCtx_reset(z_.get(), ZSTD_reset_session_only);
    wants(smallest_header_bytes);
  }

 private:
  /// What every zstd decoder accepts unless told otherwise: a window of 128 MiB. It is filled, and
  /// so becomes real memory, only as content comes out.
  static constexpr int window_log_max = 27;

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

  static decoded judge(ZSTD_ErrorCode code) {
    switch (code) {
      case ZSTD_error_memory_allocation:
        throw std::bad_alloc();
      case ZSTD_error_checksum_wrong:
        return {decoded::kind::corrupt, "checksum mismatch"};
      case ZSTD_error_frameParameter_windowTooLarge:
        return {decoded::kind::corrupt, "window is larger than 128 MiB"};
      case ZSTD_error_dictionary_wrong:
        return {decoded::kind::corrupt, "needs a dictionary"};
      default:
        return {decoded::kind::corrupt, "corrupt data"};
    }
  }

  std::unique_ptr<ZSTD_DCtx, free_context> z_;
};

}  // namespace

std::unique_ptr<decoder> make_zstd_decoder() {
  return std::make_unique<zstd_decoder>();
}

}  // namespace weir
