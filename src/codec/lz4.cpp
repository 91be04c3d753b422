#include <lz4frame.h>

#include <new>
#include <string>
#include <utility>

#include "codec/lz4_legacy.hpp"
#include "codec/piecewise.hpp"

namespace weir {
namespace {

/// Frames of the LZ4 frame format 1.6 and skippable frames.
class lz4_frame_decoder final : public piecewise_decoder {
 public:
  lz4_frame_decoder() {
    LZ4F_dctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION))) throw std::bad_alloc();
    lz4_.reset(made);
  }

  void begin_member() override {
    LZ4F_resetDecompressionContext(lz4_.get());
    wants(LZ4F_HEADER_SIZE_MIN);
  }

 private:
  struct free_context {
    void operator()(LZ4F_dctx* z) const noexcept { LZ4F_freeDecompressionContext(z); }
  };

  decoded decode(std::string_view& in, std::span<char>& out) override {
    std::size_t in_size = in.size();
    std::size_t out_size = out.size();
    const std::size_t code =
        LZ4F_decompress(lz4_.get(), out.data(), &out_size, in.data(), &in_size, nullptr);
    if (LZ4F_isError(code)) return judge(LZ4F_getErrorName(code));
    in.remove_prefix(in_size);
    out = out.subspan(out_size);
    // The library's hint is the rest of a block and the header of the next.
    wants(code > LZ4F_BLOCK_HEADER_SIZE ? code - LZ4F_BLOCK_HEADER_SIZE : code);
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
};

/// Frames of both formats, by their magic numbers; a legacy frame may end where another begins.
class lz4_decoder final : public decoder {
 public:
  void begin_member() override {
    frame_.begin_member();
    legacy_.begin();
    is_ = kind::unknown;
    magic_.clear();
  }

  decoded step(std::string_view& in, std::span<char>& out) override {
    if (is_ == kind::unknown && !know_kind(in)) return {decoded::kind::more};
    if (is_ == kind::legacy) {
      const decoded result = legacy_.step(in, out);
      if (!legacy_.at_magic()) return result;
      magic_ = legacy_.magic();
      is_ = kind::frame;
    }
    if (!magic_.empty()) {
      const std::string magic = std::exchange(magic_, {});
      std::string_view rest = magic;
      if (const decoded result = frame_.step(rest, out); result.what != decoded::kind::more)
        return result;
    }
    return frame_.step(in, out);
  }

  bool may_end() const override { return is_ == kind::legacy && legacy_.between_blocks(); }

 private:
  enum class kind : std::uint8_t { unknown, legacy, frame };

  bool know_kind(std::string_view& in) {
    while (magic_.size() < lz4_legacy::magic_number.size() && !in.empty()) {
      magic_ += in.front();
      in.remove_prefix(1);
    }
    if (magic_.size() < lz4_legacy::magic_number.size()) return false;
    is_ = magic_ == lz4_legacy::magic_number ? kind::legacy : kind::frame;
    if (is_ == kind::legacy) magic_.clear();
    return true;
  }

  lz4_frame_decoder frame_;
  lz4_legacy legacy_;
  kind is_ = kind::unknown;
  std::string magic_;  ///< read, and not yet given to the frame's decoder
};

}  // namespace

std::unique_ptr<decoder> make_lz4_decoder() {
  return std::make_unique<lz4_decoder>();
}

}  // namespace weir
