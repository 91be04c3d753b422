#include <zlib.h>

#include <algorithm>
#include <new>

#include "codec/decoder.hpp"

namespace weir {
namespace {

/// RFC 1950. Rare in files, so the reference library is fast enough.
class zlib_decoder final : public decoder {
 public:
  zlib_decoder() {
    if (inflateInit(&z_) != Z_OK) throw std::bad_alloc();
  }
  ~zlib_decoder() override { inflateEnd(&z_); }
  zlib_decoder(const zlib_decoder&) = delete;
  zlib_decoder& operator=(const zlib_decoder&) = delete;

  void begin_member() override { inflateReset(&z_); }

  decoded step(std::string_view& in, std::span<char>& out) override {
    const auto in_size = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
    const auto out_size = static_cast<uInt>(std::min<std::size_t>(out.size(), 1u << 30));
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = in_size;
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = out_size;
    const int code = inflate(&z_, Z_NO_FLUSH);
    in.remove_prefix(in_size - z_.avail_in);
    out = out.subspan(out_size - z_.avail_out);
    return judge(code);
  }

 private:
  decoded judge(int code) const {
    switch (code) {
      case Z_OK:
      case Z_BUF_ERROR:
        return {decoded::kind::more};
      case Z_STREAM_END:
        return {decoded::kind::member_end};
      case Z_NEED_DICT:
        return {decoded::kind::corrupt, "needs a dictionary"};
      case Z_MEM_ERROR:
        throw std::bad_alloc();
      default:
        break;
    }
    const bool sum_is_wrong = z_.msg && std::string_view{z_.msg} == "incorrect data check";
    if (sum_is_wrong) return {decoded::kind::corrupt, "checksum mismatch"};
    return {decoded::kind::corrupt, "corrupt data"};
  }

  z_stream z_{};
};

}  // namespace

std::unique_ptr<decoder> make_zlib_decoder() {
  return std::make_unique<zlib_decoder>();
}

}  // namespace weir
