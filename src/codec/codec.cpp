#include "codec/codec.hpp"

#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

namespace weir {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::pair<codec, std::string_view>, 8> names{{
    {codec::none, "none"},
    {codec::gzip, "gzip"},
    {codec::zlib, "zlib"},
    {codec::zstd, "zstd"},
    {codec::bzip2, "bzip2"},
    {codec::xz, "xz"},
    {codec::lz4, "lz4"},
    {codec::lzma, "lzma"},
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

/// What decoding `head` into nowhere came to.
struct lzma_trial {
  lzma_ret code;  ///< liblzma's last one; LZMA_OK if all was used without a fault
  bool content;   ///< some came out
};

lzma_trial try_lzma(std::string_view head) {
  lzma_stream z = LZMA_STREAM_INIT;
  if (lzma_alone_decoder(&z, 128 << 20) != LZMA_OK) return {LZMA_MEM_ERROR, false};
  z.next_in = reinterpret_cast<const std::uint8_t*>(head.data());
  z.avail_in = head.size();
  std::array<std::uint8_t, 16384> nowhere;
  lzma_ret code = LZMA_OK;
  do {
    z.next_out = nowhere.data();
    z.avail_out = nowhere.size();
    code = lzma_code(&z, LZMA_RUN);
  } while (code == LZMA_OK && (z.avail_in > 0 || z.avail_out == 0));
  const bool content = z.total_out > 0;
  lzma_end(&z);
  return {code == LZMA_BUF_ERROR ? LZMA_OK : code, content};
}

std::uint64_t little_endian(std::string_view bytes) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    number = number * 256 + static_cast<unsigned char>(bytes[i - 1]);
  }
  return number;
}

/// A dictionary of 2^n or 2^n + 2^(n-1) bytes, as every writer makes them; the content's length is
/// unknown or at most 256 GiB. That is how xz tells .lzma, which has no magic number.
bool is_lzma_header(std::string_view head) noexcept {
  const std::uint64_t dictionary = little_endian(head.substr(1, 4));
  const std::uint64_t size = little_endian(head.substr(5, 8));
  const int ones = std::popcount(dictionary);
  const bool usual = ones == 1 || (ones == 2 && std::has_single_bit(dictionary / 3));
  const bool known = size < (std::uint64_t{1} << 38) || size == UINT64_MAX;
  return dictionary >= 4096 && usual && known;
}

/// The header, and then a first decode without a fault: nothing less is certain. The second byte is
/// the lowest of the dictionary's size, 0, so text is told at once.
match looks_like_lzma(std::string_view head, bool at_end) {
  constexpr std::size_t header_bytes = 13;
  if (head.size() > 0 && static_cast<unsigned char>(head[0]) >= 9 * 5 * 5) return match::no;
  if (head.size() > 1 && head[1] != '\0') return match::no;
  if (head.size() < header_bytes) return match::maybe;
  if (!is_lzma_header(head)) return match::no;
  const lzma_trial found = try_lzma(head.substr(0, sniff_bytes));
  if (found.code == LZMA_STREAM_END) return match::yes;
  if (found.code != LZMA_OK) return match::no;
  if (!at_end && head.size() < sniff_bytes) return match::maybe;
  return found.content ? match::yes : match::no;
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
  const std::array<std::pair<codec, match>, 7> answers{{
      {codec::gzip, begins_with(head, "\x1f\x8b"sv)},
      {codec::zstd, looks_like_zstd(head)},
      {codec::bzip2, looks_like_bzip2(head)},
      {codec::xz, begins_with(head, "\xfd\x37zXZ\0"sv)},
      {codec::lz4, looks_like_lz4(head)},
      {codec::zlib, looks_like_zlib(head, at_end)},
      {codec::lzma, looks_like_lzma(head, at_end)},
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
