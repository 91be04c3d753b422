#include "codec/codec.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace weir {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::pair<codec, std::string_view>, 7> names{{
    {codec::none, "none"},
    {codec::gzip, "gzip"},
    {codec::zlib, "zlib"},
    {codec::zstd, "zstd"},
    {codec::bzip2, "bzip2"},
    {codec::xz, "xz"},
    {codec::lz4, "lz4"},
}};

enum class match : std::uint8_t { no, maybe, yes };

/// Whether `head` begins with `magic`; maybe, while it is too short to tell.
match begins_with(std::string_view head, std::string_view magic) {
  if (head.starts_with(magic)) return match::yes;
  return magic.starts_with(head) ? match::maybe : match::no;
}

match any(std::initializer_list<match> all) {
  return std::max(all);
}

/// Skippable frames, 0x184D2A50 to 0x184D2A5F, belong to zstd and lz4 alike; here they count as
/// zstd's.
match looks_like_zstd(std::string_view head) {
  if (head.empty()) return match::maybe;
  if ((static_cast<unsigned char>(head[0]) & 0xf0u) == 0x50u) {
    return begins_with(head.substr(1), "\x2a\x4d\x18"sv);
  }
  return begins_with(head, "\x28\xb5\x2f\xfd"sv);
}

/// "BZh9" alone could be text; the magic number of a block, or of the end, follows it.
match looks_like_bzip2(std::string_view head) {
  if (head.size() < 4) return "BZh"sv.starts_with(head) ? match::maybe : match::no;
  if (!head.starts_with("BZh") || head[3] < '1' || head[3] > '9') return match::no;
  const std::string_view rest = head.substr(4);
  return any({begins_with(rest, "1AY&SY"sv), begins_with(rest, "\x17\x72\x45\x38\x50\x90"sv)});
}

match looks_like_lz4(std::string_view head) {
  return any({begins_with(head, "\x04\x22\x4d\x18"sv), begins_with(head, "\x02\x21\x4c\x18"sv)});
}

bool is_text(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](unsigned char c) {
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
  });
}

/// Inflates `head` into nowhere. Returns zlib's last code; Z_OK if all of it was used without a
/// fault.
int try_inflate(std::string_view head) {
  z_stream z{};
  if (inflateInit(&z) != Z_OK) return Z_MEM_ERROR;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(head.data()));
  z.avail_in = static_cast<uInt>(head.size());
  std::array<Bytef, 16384> nowhere;
  int code = Z_OK;
  while (code == Z_OK) {
    z.next_out = nowhere.data();
    z.avail_out = static_cast<uInt>(nowhere.size());
    code = inflate(&z, Z_NO_FLUSH);
    if (code == Z_OK && z.avail_in == 0 && z.avail_out > 0) break;
  }
  inflateEnd(&z);
  return code == Z_BUF_ERROR ? Z_OK : code;
}

/// Two printable characters can look like a zlib header, so the first 4 KiB must inflate as well.
/// Where less than that is all there is, text that could be the start of a cut-off stream is text.
match looks_like_zlib(std::string_view head, bool at_end) {
  if (head.empty()) return match::maybe;
  const auto cmf = static_cast<unsigned char>(head[0]);
  if ((cmf & 0x0fu) != 8 || cmf > 0x78) return match::no;
  if (head.size() < 2) return match::maybe;
  if ((cmf * 256u + static_cast<unsigned char>(head[1])) % 31 != 0) return match::no;
  const int code = try_inflate(head.substr(0, sniff_bytes));
  if (code == Z_STREAM_END) return match::yes;
  if (code != Z_OK) return match::no;
  if (head.size() >= sniff_bytes) return match::yes;
  return at_end && !is_text(head) ? match::yes : match::maybe;
}

}  // namespace

std::string_view name_of(codec c) noexcept {
  return names[static_cast<std::size_t>(c)].second;
}

std::optional<codec> codec_named(std::string_view name) noexcept {
  const auto* const found =
      std::ranges::find(names, name, &std::pair<codec, std::string_view>::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

std::optional<codec> sniff(std::string_view head, bool at_end) {
  const std::array<std::pair<codec, match>, 6> answers{{
      {codec::gzip, begins_with(head, "\x1f\x8b"sv)},
      {codec::zstd, looks_like_zstd(head)},
      {codec::bzip2, looks_like_bzip2(head)},
      {codec::xz, begins_with(head, "\xfd\x37zXZ\0"sv)},
      {codec::lz4, looks_like_lz4(head)},
      {codec::zlib, looks_like_zlib(head, at_end)},
  }};
  for (const auto& [c, answer] : answers) {
    if (answer == match::yes) return c;
  }
  const auto undecided = std::ranges::find(answers, match::maybe, &std::pair<codec, match>::second);
  if (undecided == answers.end()) return codec::none;
  if (!at_end) return std::nullopt;
  return codec::none;
}

}  // namespace weir
