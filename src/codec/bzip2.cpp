#include <bzlib.h>

#include <algorithm>
#include <new>

#include "codec/decoder.hpp"

namespace weir {
namespace {

/// Streams as bzip2 1.0 writes them.
class bzip2_decoder final : public decoder {
 public:
  bzip2_decoder() = default;
  ~bzip2_decoder() override { end(); }
  bzip2_decoder(const bzip2_decoder&) = delete;
  bzip2_decoder& operator=(const bzip2_decoder&) = delete;

  void begin_member() override {
    end();
    bz_ = {};
    if (BZ2_bzDecompressInit(&bz_, 0, 0) != BZ_OK) throw std::bad_alloc();
    open_ = true;
  }

  decoded step(std::string_view& in, std::span<char>& out) override {
    const auto in_size = static_cast<unsigned>(std::min<std::size_t>(in.size(), 1u << 30));
    const auto out_size = static_cast<unsigned>(std::min<std::size_t>(out.size(), 1u << 30));
    bz_.next_in = const_cast<char*>(in.data());
    bz_.avail_in = in_size;
    bz_.next_out = out.data();
    bz_.avail_out = out_size;
    const int code = BZ2_bzDecompress(&bz_);
    in.remove_prefix(in_size - bz_.avail_in);
    out = out.subspan(out_size - bz_.avail_out);
    switch (code) {
      case BZ_OK:
        return {decoded::kind::more};
      case BZ_STREAM_END:
        return {decoded::kind::member_end};
      case BZ_MEM_ERROR:
        throw std::bad_alloc();
      default:
        return {decoded::kind::corrupt, "corrupt data"};
    }
  }

 private:
  void end() {
    if (open_) BZ2_bzDecompressEnd(&bz_);
    open_ = false;
  }

  bz_stream bz_{};
  bool open_ = false;
};

}  // namespace

std::unique_ptr<decoder> make_bzip2_decoder() {
  return std::make_unique<bzip2_decoder>();
}

}  // namespace weir
