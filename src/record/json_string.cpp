#include <bit>
#include <cstdint>
#include <cstring>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
constexpr std::uint64_t tops = 0x8080'8080'8080'8080;

/// Sets the top bit of each byte of `word` that is zero. Bytes above a hit may be false hits.
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
  return (word - ones) & ~word & tops;
}

constexpr std::uint64_t special_bytes(std::uint64_t word) noexcept {
  const std::uint64_t controls = (word - ones * 0x20) & ~word & tops;
  return controls | zero_bytes(word ^ (ones * '"')) | zero_bytes(word ^ (ones * '\\'));
}

constexpr bool is_special(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The first byte at or after `from` that a JSON string cannot hold as it is. Eight bytes at a
/// time.
std::size_t find_special(std::string_view text, std::size_t from) noexcept {
  static_assert(std::endian::native == std::endian::little);
  for (; from + 8 <= text.size(); from += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + from, 8);
    if (const std::uint64_t hits = special_bytes(word)) {
      return from + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
    }
  }
  while (from < text.size() && !is_special(text[from])) ++from;
  return from;
}

void append_escape(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  const char escape[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
  out.append(escape, sizeof escape);
}

/// The four hex digits at `at`, or -1.
int read_unit(std::string_view text, std::size_t at) noexcept {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

constexpr std::uint32_t replacement = 0xFFFD;

bool is_high(int unit) noexcept {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(int unit) noexcept {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Appends the character of the \u escape at `at` (its backslash). Returns the place after it.
std::size_t append_unicode(std::string_view text, std::size_t at, std::string& out) {
  const int unit = read_unit(text, at + 2);
  if (unit < 0) {
    append_utf8(replacement, out);
    return at + 2;
  }
  if (is_high(unit) && text.substr(at + 6, 2) == "\\u") {
    if (const int low = read_unit(text, at + 8); is_low(low)) {
      append_utf8(static_cast<std::uint32_t>(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00)),
                  out);
      return at + 12;
    }
  }
  const bool lone = is_high(unit) || is_low(unit);
  append_utf8(lone ? replacement : static_cast<std::uint32_t>(unit), out);
  return at + 6;
}

/// Appends what the escape at `at` stands for. Returns the place after it.
std::size_t append_unescaped(std::string_view text, std::size_t at, std::string& out) {
  const char c = at + 1 < text.size() ? text[at + 1] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '/':
      out += c;
      return at + 2;
    case 'n':
      out += '\n';
      return at + 2;
    case 't':
      out += '\t';
      return at + 2;
    case 'r':
      out += '\r';
      return at + 2;
    case 'b':
      out += '\b';
      return at + 2;
    case 'f':
      out += '\f';
      return at + 2;
    case 'u':
      return append_unicode(text, at, out);
    default:
      append_utf8(replacement, out);
      return at + 1;
  }
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t from = 0;;) {
    const std::size_t stop = find_special(text, from);
    out.append(text, from, stop - from);
    if (stop == text.size()) break;
    append_escape(text[stop], out);
    from = stop + 1;
  }
  out += '"';
}

void write_escaped_json_string(std::string_view json_string, std::string& out) {
  out += '"';
  for (const char c : json_string) {
    static_cast<unsigned char>(c) < 0x20 ? append_escape(c, out) : out.push_back(c);
  }
  out += '"';
}

void unescape(std::string_view json_string, std::string& out) {
  for (std::size_t from = 0;;) {
    const std::size_t stop = json_string.find('\\', from);
    out.append(json_string, from, stop - from);
    if (stop == std::string_view::npos) return;
    from = append_unescaped(json_string, stop, out);
  }
}

}  // namespace weir
