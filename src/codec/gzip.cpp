#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "codec/decoder.hpp"

namespace weir {
namespace {

constexpr unsigned has_header_crc = 2;
constexpr unsigned has_extra = 4;
constexpr unsigned has_name = 8;
constexpr unsigned has_comment = 16;
constexpr unsigned reserved_flags = 0xe0;

/// Members as RFC 1952 has them. ISA-L inflates and sums; header and trailer are read here, because
/// ISA-L 2.30 loses its place in a header that is split between two calls, and does not check FHCRC
/// then.
class gzip_decoder final : public decoder {
 public:
  gzip_decoder() { isal_inflate_init(&inflate_); }

  void begin_member() override {
    place_ = place::fixed;
    gathered_ = 0;
    header_crc_ = 0;
    size_ = 0;
    isal_inflate_reset(&inflate_);
    inflate_.crc_flag = ISAL_GZIP_NO_HDR;
  }

  decoded step(std::string_view& in, std::span<char>& out) override {
    while (place_ < place::body) {
      if (!header_step(in)) return {decoded::kind::more};
      if (place_ == place::failed) return {decoded::kind::corrupt, why_};
    }
    if (place_ == place::body && !inflate(in, out)) return {decoded::kind::more};
    if (place_ == place::failed) return {decoded::kind::corrupt, why_};
    return read_trailer(in);
  }

 private:
  enum class place : std::uint8_t {
    fixed,
    extra_size,
    extra,
    name,
    comment,
    header_crc,
    body,
    trailer,
    failed,
  };

  /// One field of the header. False if it needs more input.
  bool header_step(std::string_view& in) {
    switch (place_) {
      case place::fixed:
        return read_fixed(in);
      case place::extra_size:
        return read_extra_size(in);
      case place::extra:
        return skip_extra(in);
      case place::name:
        return skip_text(in, has_name, place::comment);
      case place::comment:
        return skip_text(in, has_comment, place::header_crc);
      default:
        return check_header(in);
    }
  }

  bool read_fixed(std::string_view& in) {
    if (!gather(in, 10)) return false;
    sum({field_.data(), 10});
    flags_ = byte(3);
    place_ = place::extra_size;
    if (byte(0) != 0x1f || byte(1) != 0x8b)
      fail("not a gzip member");
    else if (byte(2) != 8)
      fail("unknown compression method");
    else if (flags_ & reserved_flags)
      fail("reserved flags are set");
    return true;
  }

  bool read_extra_size(std::string_view& in) {
    extra_left_ = 0;
    if (flags_ & has_extra) {
      if (!gather(in, 2)) return false;
      sum({field_.data(), 2});
      extra_left_ = byte(0) | byte(1) << 8;
    }
    place_ = place::extra;
    return true;
  }

  bool skip_extra(std::string_view& in) {
    const std::size_t part = std::min<std::size_t>(extra_left_, in.size());
    pass(in, part);
    extra_left_ -= static_cast<unsigned>(part);
    if (extra_left_ > 0) return false;
    place_ = place::name;
    return true;
  }

  /// Skips a text that ends with a zero byte, if `flag` says that it is there.
  bool skip_text(std::string_view& in, unsigned flag, place next) {
    if (flags_ & flag) {
      const std::size_t end = in.find('\0');
      pass(in, end == in.npos ? in.size() : end + 1);
      if (end == in.npos) return false;
    }
    place_ = next;
    return true;
  }

  bool check_header(std::string_view& in) {
    place_ = place::header_crc;
    if (flags_ & has_header_crc) {
      if (!gather(in, 2)) return false;
      if ((byte(0) | byte(1) << 8) != (header_crc_ & 0xffffu)) {
        fail("header checksum mismatch");
        return true;
      }
    }
    place_ = place::body;
    return true;
  }

  /// True once the body has ended, or failed.
  bool inflate(std::string_view& in, std::span<char>& out) {
    save_state();
    const std::string_view whole = in;
    const std::span<char> room = out;
    if (!inflate_part(in, out)) {
      const std::size_t used = whole.size() - in.size();
      inflate_again(whole.substr(0, used), out = room);
      fail("corrupt data");
    }
    size_ += static_cast<std::uint32_t>(room.size() - out.size());
    if (place_ == place::failed) return true;
    if (inflate_.block_state != ISAL_BLOCK_FINISH) return false;
    take_back_unused();
    place_ = place::trailer;
    return true;
  }

  /// False if the data is corrupt.
  bool inflate_part(std::string_view& in, std::span<char>& out) {
    const auto in_size = static_cast<std::uint32_t>(std::min<std::size_t>(in.size(), 1u << 30));
    const auto out_size = static_cast<std::uint32_t>(std::min<std::size_t>(out.size(), 1u << 30));
    inflate_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
    inflate_.avail_in = in_size;
    inflate_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    inflate_.avail_out = out_size;
    const int code = isal_inflate(&inflate_);
    in.remove_prefix(in_size - inflate_.avail_in);
    out = out.subspan(out_size - inflate_.avail_out);
    return code == ISAL_DECOMP_OK;
  }

  /// Corrupt data makes the fast loop of ISA-L 2.30 count bytes as output that it never wrote: what
  /// the memory held before, up to the length of a match. Fed byte by byte it stops where zlib
  /// does. `in` is what was used up to the fault, so that its last bytes alone need the slow way.
  void inflate_again(std::string_view in, std::span<char>& out) {
    constexpr std::size_t symbol_bytes = 64;  // more than a symbol and what is read ahead of it
    inflate_ = before_;
    std::string_view front = in.substr(0, in.size() - std::min(in.size(), symbol_bytes));
    in.remove_prefix(front.size());
    if (!front.empty() && !inflate_part(front, out)) return;
    for (; !in.empty() && !out.empty(); in.remove_prefix(1)) {
      std::string_view byte = in.substr(0, 1);
      if (!inflate_part(byte, out)) return;
    }
  }

  /// Remembers the state, of its last and largest member only what is in use: two per cent of the
  /// time.
  void save_state() {
    const std::size_t in_use = static_cast<std::size_t>(inflate_.tmp_out_valid);
    std::memcpy(&before_, &inflate_, offsetof(inflate_state, tmp_out_buffer) + in_use);
  }

  /// ISA-L reads up to eight bytes ahead into `read_in`: they are the front of the trailer.
  void take_back_unused() {
    const auto bits = static_cast<unsigned>(inflate_.read_in_length);
    const std::uint64_t ahead = bits == 0 ? 0 : inflate_.read_in >> (bits % 8);
    gathered_ = bits / 8;
    for (unsigned i = 0; i < gathered_; ++i) field_[i] = static_cast<char>(ahead >> (8 * i));
  }

  decoded read_trailer(std::string_view& in) {
    if (!gather(in, 8)) return {decoded::kind::more};
    if (word(0) != inflate_.crc) return {decoded::kind::corrupt, "checksum mismatch"};
    if (word(4) != size_) return {decoded::kind::corrupt, "length mismatch"};
    return {decoded::kind::member_end};
  }

  /// True once `field_` holds `bytes` bytes; the next field then begins afresh.
  bool gather(std::string_view& in, std::size_t bytes) {
    const std::size_t part = std::min(bytes - gathered_, in.size());
    std::copy_n(in.data(), part, field_.data() + gathered_);
    in.remove_prefix(part);
    gathered_ += part;
    if (gathered_ < bytes) return false;
    gathered_ = 0;
    return true;
  }

  void pass(std::string_view& in, std::size_t bytes) {
    sum(in.substr(0, bytes));
    in.remove_prefix(bytes);
  }
  void sum(std::string_view bytes) {
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    header_crc_ = crc32_gzip_refl(header_crc_, data, bytes.size());
  }

  unsigned byte(std::size_t at) const { return static_cast<unsigned char>(field_[at]); }
  std::uint32_t word(std::size_t at) const {
    return byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
  }
  void fail(std::string_view why) {
    why_ = why;
    place_ = place::failed;
  }

  place place_ = place::fixed;
  unsigned flags_ = 0;
  unsigned extra_left_ = 0;
  std::uint32_t header_crc_ = 0;
  std::uint32_t size_ = 0;  ///< modulo 2^32, as the trailer has it
  std::array<char, 10> field_{};
  std::size_t gathered_ = 0;
  std::string_view why_;
  inflate_state inflate_;
  inflate_state before_;  ///< as it was before the last step
};

}  // namespace

std::unique_ptr<decoder> make_gzip_decoder() {
  return std::make_unique<gzip_decoder>();
}

}  // namespace weir
