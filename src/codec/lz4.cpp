#include <lz4frame.h>

#include <new>

#include "codec/decoder.hpp"

namespace weir {
namespace {

/// Frames of the LZ4 frame format 1.6 and skippable frames; not the legacy format.
class lz4_decoder final : public decoder {
 public:
  lz4_decoder() {
    LZ4F_dctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION))) throw std::bad_alloc();
    lz4_.reset(made);
  }

  void begin_member() override {
    LZ4F_resetDecompressionContext(lz4_.get());
    wants_ = LZ4F_HEADER_SIZE_MIN;
  }

  /// The library says nothing of what it gave in a call that ends in an error, so no call gets more
  /// than a block's header or a block's data.
  decoded step(std::string_view& in, std::span<char>& out) override {
    decoded result{decoded::kind::more};
    do {
      std::string_view piece = in.substr(0, wants_);
      const std::size_t size = piece.size();
      result = decode(piece, out);
      in.remove_prefix(size - piece.size());
    } while (result.what == decoded::kind::more && !in.empty() && !out.empty());
    return result;
  }

 private:
  struct free_context {
    void operator()(LZ4F_dctx* z) const noexcept { LZ4F_freeDecompressionContext(z); }
  };

  decoded decode(std::string_view& in, std::span<char>& out) {
    std::size_t in_size = in.size();
    std::size_t out_size = out.size();
    const std::size_t code =
        LZ4F_decompress(lz4_.get(), out.data(), &out_size, in.data(), &in_size, nullptr);
    if (LZ4F_isError(code)) return judge(LZ4F_getErrorName(code));
    in.remove_prefix(in_size);
    out = out.subspan(out_size);
    // The library's hint is the rest of a block and the header of the next.
    wants_ = code > LZ4F_BLOCK_HEADER_SIZE ? code - LZ4F_BLOCK_HEADER_SIZE : code;
    return {code == 0 ? decoded::kind::member_end : decoded::kind::more};
  }

  static decoded judge(std::string_view name) {
    if (name == "ERROR_allocation_failed") throw std::bad_alloc();
    if (name == "ERROR_contentChecksum_invalid" || name == "ERROR_blockChecksum_invalid") {
      return {decoded::kind::corrupt, "checksum mismatch"};
    }
    if (name == "ERROR_frameType_unknown") return {decoded::kind::corrupt, "unknown kind of frame"};
    return {decoded::kind::corrupt, "corrupt data"};
  }

  std::unique_ptr<LZ4F_dctx, free_context> lz4_;
  std::size_t wants_ = LZ4F_HEADER_SIZE_MIN;
};

}  // namespace

std::unique_ptr<decoder> make_lz4_decoder() {
  return std::make_unique<lz4_decoder>();
}

}  // namespace weir
