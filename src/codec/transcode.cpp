#include "codec/transcode.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>

namespace weir {
namespace {

struct iconv_closer {
  void operator()(iconv_t open) const noexcept { ::iconv_close(open); }
};
using converter = std::unique_ptr<std::remove_pointer_t<iconv_t>, iconv_closer>;

// NOLINTNEXTLINE(performance-no-int-to-ptr): what iconv_open gives for an error
const iconv_t no_converter = reinterpret_cast<iconv_t>(-1);
constexpr auto failed = static_cast<std::size_t>(-1);

/// The most that one invalid byte or one character needs.
constexpr std::size_t most_bytes_at_once = 8;

/// What files that are said to be in a character set really are in, as browsers know it (the
/// WHATWG's Encoding Standard): Shift_JIS with a backslash where JIS has a yen sign.
std::string widened(const std::string& encoding) {
  if (encoding == "shift_jis" || encoding == "sjis") return "CP932";
  if (encoding == "gbk" || encoding == "gb2312") return "GB18030";
  return encoding;
}

/// `no_converter` if the character set is not known.
iconv_t open_converter(const std::string& encoding) {
  const iconv_t opened = ::iconv_open("UTF-8", widened(encoding).c_str());
  if (opened == no_converter && errno == ENOMEM) throw std::bad_alloc();
  return opened;
}

/// The state between the chunks of one shard.
class transcoder {
 public:
  explicit transcoder(const transcode_options& how)
      : invalid_(how.invalid),
        unit_bytes_(how.encoding.starts_with("utf-16")   ? 2
                    : how.encoding.starts_with("utf-32") ? 4
                                                         : 1),
        convert_(open_converter(how.encoding)) {}

  void begin(std::string_view bytes) {
    pending_ += bytes;
    at_ = 0;
  }
  /// Converts until `out` is full or only the front of a character is left. True if there is more.
  bool fill(char* out, std::size_t room, std::size_t& used) {
    used = 0;
    while (at_ < pending_.size() && room - used >= most_bytes_at_once) {
      if (step(out, room, used)) continue;
      if (errno == E2BIG) return true;
      if (errno == EINVAL) break;
      put_invalid(out, used);
    }
    if (at_ < pending_.size() && room - used < most_bytes_at_once) return true;
    pending_.erase(0, std::exchange(at_, 0));
    return false;
  }
  /// Nothing will complete what is left. Returns how many bytes it gives, at most a few.
  std::size_t finish(char* out) {
    std::size_t used = 0;
    while (at_ < pending_.size()) put_invalid(out, used);
    pending_.clear();
    at_ = 0;
    ::iconv(convert_.get(), nullptr, nullptr, nullptr, nullptr);
    return used;
  }
  bool cut() const noexcept { return !pending_.empty(); }

 private:
  bool step(char* out, std::size_t room, std::size_t& used) {
    char* from = pending_.data() + at_;
    std::size_t left = pending_.size() - at_;
    char* to = out + used;
    std::size_t space = room - used;
    const bool done = ::iconv(convert_.get(), &from, &left, &to, &space) != failed;
    at_ = pending_.size() - left;
    used = room - space;
    return done;
  }
  void put_invalid(char* out, std::size_t& used) {
    using enum transcode_options::invalid_bytes;
    const std::size_t bytes = std::min(unit_bytes_, pending_.size() - at_);
    if (invalid_ == reject) out[used++] = '\xff';
    if (invalid_ == replace) used += std::string_view{"\xef\xbf\xbd"}.copy(out + used, 3);
    for (std::size_t i = 0; invalid_ == keep && i < bytes; ++i)
      put_latin1(out, used, pending_[at_ + i]);
    at_ += bytes;
  }
  static void put_latin1(char* out, std::size_t& used, char byte) {
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x80) out[used++] = static_cast<char>(0xc0 | (code >> 6));
    out[used++] = static_cast<char>(code < 0x80 ? code : 0x80 | (code & 0x3f));
  }

  transcode_options::invalid_bytes invalid_;
  std::size_t unit_bytes_;
  converter convert_;
  std::string pending_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_known_encoding(const std::string& name) {
  const iconv_t opened = open_converter(name);
  if (opened == no_converter) return false;
  ::iconv_close(opened);
  return true;
}

byte_stream transcode(byte_stream content, transcode_options how, const context& with) {
  transcoder convert(how);
  std::uint64_t read_bytes = 0;
  std::uint64_t given_bytes = 0;
  std::uint64_t verified_to = 0;
  while (chunk* const next = content.next(co_await request)) {
    convert.begin(next->bytes);
    read_bytes += next->bytes.size();
    chunk out;
    for (bool more = true; more;) {
      const auto space = with.pool->take();
      std::size_t used = 0;
      more = convert.fill(space->data(), space->capacity() - 4 * most_bytes_at_once, used);
      if (!more && next->fault) used += convert.finish(space->data() + used);
      given_bytes += used;
      if (!more && next->verified_to >= read_bytes) verified_to = given_bytes;
      out = {.bytes = {space->data(), used}, .memory = space, .verified_to = verified_to};
      if (!more) out.fault = next->fault;
      co_yield out;
    }
  }
  if (!convert.cut()) co_return;
  const auto space = with.pool->take(block_padding);
  chunk last{.bytes = {space->data(), convert.finish(space->data())}, .memory = space};
  last.verified_to = verified_to;
  co_yield last;
}

}  // namespace weir
