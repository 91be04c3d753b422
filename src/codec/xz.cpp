#include <lzma.h>

#include <new>

#include "codec/decoder.hpp"

namespace weir {
namespace {

/// Streams of the .xz format, version 1.1.0 of its description; or files of the .lzma format that
/// was before it.
class xz_decoder final : public decoder {
 public:
  xz_decoder(codec as, std::size_t memory_max_bytes)
      : as_(as), memory_max_bytes_(memory_max_bytes) {}
  ~xz_decoder() override { lzma_end(&xz_); }
  xz_decoder(const xz_decoder&) = delete;
  xz_decoder& operator=(const xz_decoder&) = delete;

  void begin_member() override {
    unsupported_check_ = false;
    const lzma_ret made =
        as_ == codec::xz ? lzma_stream_decoder(&xz_, memory_max_bytes_, LZMA_TELL_UNSUPPORTED_CHECK)
                         : lzma_alone_decoder(&xz_, memory_max_bytes_);
    if (made != LZMA_OK) throw std::bad_alloc();
  }

  decoded step(std::string_view& in, std::span<char>& out) override {
    xz_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    xz_.avail_in = in.size();
    xz_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    xz_.avail_out = out.size();
    lzma_ret code = lzma_code(&xz_, LZMA_RUN);
    if (code == LZMA_UNSUPPORTED_CHECK) {
      unsupported_check_ = true;
      code = lzma_code(&xz_, LZMA_RUN);
    }
    in.remove_prefix(in.size() - xz_.avail_in);
    out = out.subspan(out.size() - xz_.avail_out);
    return judge(code);
  }

  std::size_t window_bytes() const override { return lzma_memusage(&xz_); }

 private:
  decoded judge(lzma_ret code) const {
    switch (code) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:
        return {decoded::kind::more};
      case LZMA_STREAM_END:
        if (unsupported_check_) return {decoded::kind::corrupt, "unknown kind of checksum"};
        return {decoded::kind::member_end};
      case LZMA_MEM_ERROR:
        throw std::bad_alloc();
      case LZMA_MEMLIMIT_ERROR:
        return {decoded::kind::corrupt, memory_max_bytes_ < largest_window_bytes
                                            ? no_room_for_window
                                            : "needs more than 128 MiB of memory"};
      case LZMA_OPTIONS_ERROR:
        return {decoded::kind::corrupt, "unsupported options"};
      default:
        return {decoded::kind::corrupt, "corrupt data"};
    }
  }

  codec as_;
  std::size_t memory_max_bytes_;
  lzma_stream xz_ = LZMA_STREAM_INIT;
  bool unsupported_check_ = false;
};

}  // namespace

std::unique_ptr<decoder> make_xz_decoder(std::size_t window_max_bytes) {
  return std::make_unique<xz_decoder>(codec::xz, window_max_bytes);
}

std::unique_ptr<decoder> make_lzma_decoder(std::size_t window_max_bytes) {
  return std::make_unique<xz_decoder>(codec::lzma, window_max_bytes);
}

}  // namespace weir
