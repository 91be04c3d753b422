#include "codec/transcode.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "base/ascii.hpp"
#include "codec/rejoined.hpp"

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

struct encoding_name {
  std::string_view said;  ///< small letters and digits only
  std::string_view meant;
};
/// Names that iconv spells otherwise or takes too narrowly: what is said to be in Shift_JIS or
/// GB2312 really is in the larger sets that browsers know by those names (the WHATWG's Encoding
/// Standard), Shift_JIS with a backslash where JIS has a yen sign.
constexpr std::array<encoding_name, 20> encoding_names{{
    {"utf8", "utf-8"},       {"utf8sig", "utf-8"},      {"utf16", "utf-16"},
    {"utf16le", "utf-16le"}, {"utf16be", "utf-16be"},   {"utf32", "utf-32"},
    {"utf32le", "utf-32le"}, {"utf32be", "utf-32be"},   {"sjis", "cp932"},
    {"shiftjis", "cp932"},   {"ms932", "cp932"},        {"windows31j", "cp932"},
    {"gbk", "gb18030"},      {"gb2312", "gb18030"},     {"gb18030", "gb18030"},
    {"cp936", "gb18030"},    {"big5", "big5"},          {"eucjp", "euc-jp"},
    {"euckr", "euc-kr"},     {"macroman", "macintosh"},
}};

/// Little and big endian. UTF-32 begins like one of them.
constexpr std::array<std::string_view, 2> utf16_marks{"\xff\xfe", "\xfe\xff"};
constexpr std::string_view utf32_mark{"\xff\xfe\0\0", 4};

/// Families of names that end in a number.
constexpr std::array<encoding_name, 5> numbered_names{
    {{"windows", "cp"}, {"win", "cp"}, {"cp", "cp"}, {"latin", "latin"}, {"iso8859", "iso-8859-"}}};

/// People write Latin-1, latin_1 and LATIN1.
std::string bare_name(std::string_view name) {
  std::string bare = lower_case(name);
  std::erase_if(bare, [](char c) { return !is_digit(c) && !is_letter(c); });
  return bare;
}

/// `no_converter` if the character set is not known.
iconv_t open_converter(const std::string& encoding) {
  const iconv_t opened = ::iconv_open("UTF-8", encoding.c_str());
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

byte_stream converted(byte_stream content, transcode_options how, const context& with) {
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

/// The bytes of `front`, of which there are few, and behind them those of `next`.
chunk joined(const chunk& front, const chunk& next, block_pool& pool) {
  const std::size_t size = front.bytes.size() + next.bytes.size();
  const auto memory = pool.take(size);
  std::ranges::copy(next.bytes, std::ranges::copy(front.bytes, memory->data()).out);
  return {.bytes = {memory->data(), size},
          .memory = memory,
          .fault = next.fault,
          .verified_to = next.verified_to};
}

/// What comes may make another mark of it.
bool may_be_mark(std::string_view beginning) noexcept {
  const auto begins_so = [&](auto mark) { return mark.starts_with(beginning); };
  if (beginning.size() < utf32_mark.size() && begins_so(utf32_mark)) return true;
  return beginning.size() < 2 && std::ranges::any_of(utf16_marks, begins_so);
}

/// Looks at the first bytes; what is UTF-8 then passes untouched.
byte_stream as_marked(byte_stream content, transcode_options how, const context& with) {
  chunk first;
  while (may_be_mark(first.bytes)) {
    chunk* const next = content.next(co_await request);
    if (next == nullptr) break;
    first = first.bytes.empty() ? *next : joined(first, *next, *with.pool);
    if (first.fault || !may_be_mark(first.bytes)) break;
    chunk time;
    co_yield time;
  }
  how.encoding = encoding_of_mark(first.bytes);
  byte_stream rest = rejoined(std::exchange(first, {}), std::move(content));
  if (!how.changes_nothing()) rest = converted(std::move(rest), how, with);
  while (chunk* const next = rest.next(co_await request)) co_yield *next;
}

}  // namespace

std::string encoding_called(const std::string& name) {
  const std::string bare = bare_name(name);
  for (const encoding_name& known : encoding_names) {
    if (bare == known.said) return std::string{known.meant};
  }
  for (const encoding_name& family : numbered_names) {
    if (!bare.starts_with(family.said)) continue;
    const std::string_view number = std::string_view{bare}.substr(family.said.size());
    if (all_digits(number)) return std::string{family.meant}.append(number);
  }
  return lower_case(name);
}

bool is_known_encoding(const std::string& name) {
  const iconv_t opened = open_converter(encoding_called(name));
  if (opened == no_converter) return false;
  ::iconv_close(opened);
  return true;
}

std::string_view encoding_of_mark(std::string_view beginning) noexcept {
  if (beginning.starts_with(utf32_mark)) return "utf-32";
  return std::ranges::any_of(utf16_marks, [&](auto mark) { return beginning.starts_with(mark); })
             ? "utf-16"
             : "utf-8";
}

byte_stream transcode(byte_stream content, transcode_options how, const context& with) {
  if (how.encoding == encoding_by_mark) return as_marked(std::move(content), std::move(how), with);
  return converted(std::move(content), std::move(how), with);
}

}  // namespace weir
