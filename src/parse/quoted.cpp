#include "parse/quoted.hpp"

#include <charconv>
#include <cstdint>
#include <string>

#include "base/utf8.hpp"

namespace weir {
namespace {

struct escape {
  std::size_t length = 0;  ///< 0 if it is unknown
  std::uint32_t code = 0;
  bool is_byte = false;  ///< a byte of UTF-8, not a character
};

/// `digits` digits at `at`, in a base of 8 or 16.
escape numeric(std::string_view text, std::size_t at, std::size_t digits, int base) noexcept {
  if (at + digits > text.size()) return {};
  escape e;
  const char* const first = text.data() + at;
  const auto [stop, failed] = std::from_chars(first, first + digits, e.code, base);
  if (failed != std::errc{} || stop != first + digits) return {};
  e.length = at + digits;
  return e;
}

escape as_byte(escape e) noexcept {
  e.is_byte = true;
  return e.code <= 0xff ? e : escape{};
}

escape as_character(escape e) noexcept {
  const bool surrogate = e.code >= 0xd800 && e.code < 0xe000;
  return surrogate || e.code > 0x10ffff ? escape{} : e;
}

/// The escape at the front of `text`, which begins with a backslash.
escape read_escape(std::string_view text) noexcept {
  constexpr std::string_view letters = "abfnrtv\\'\"/";
  constexpr std::string_view meant = "\a\b\f\n\r\t\v\\'\"/";
  if (text.size() < 2) return {};
  switch (const char c = text[1]) {
    case 'x':
      return as_byte(numeric(text, 2, 2, 16));
    case 'u':
      return as_character(numeric(text, 2, 4, 16));
    case 'U':
      return as_character(numeric(text, 2, 8, 16));
    default:
      if (c >= '0' && c <= '7') return as_byte(numeric(text, 1, 3, 8));
      const std::size_t known = letters.find(c);
      if (known == letters.npos) return {};
      return {2, static_cast<unsigned char>(meant[known])};
  }
}

}  // namespace

std::size_t closing_quote(std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && text[from] != '"') from += text[from] == '\\' ? 2 : 1;
  return from < text.size() ? from : text.npos;
}

unquoted unquote(std::string_view text, arena& memory) {
  unquoted result;
  std::string content;
  std::size_t first_byte = unquoted::none;  // an escape that could break UTF-8
  for (std::size_t at = 0; at < text.size();) {
    const escape e = text[at] == '\\' ? read_escape(text.substr(at)) : escape{};
    if (e.is_byte && first_byte == unquoted::none) first_byte = at;
    if (text[at] == '\\' && e.length == 0 && result.ok()) result.fault_at = at;
    if (e.length == 0) {
      content += text[at++];
      continue;
    }
    e.is_byte ? void(content += static_cast<char>(e.code)) : append_utf8(e.code, content);
    at += e.length;
  }
  if (first_invalid_utf8(content) < content.size()) return {text, first_byte};
  result.content = memory.copy(content);
  return result;
}

}  // namespace weir
