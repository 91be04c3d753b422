#include "sink/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace weir {
namespace {

struct code_point {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes; 0 for a byte that begins no valid UTF-8
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// How many bytes a sequence with this first byte has, and the least value that needs so many.
code_point announced_by(unsigned char first) {
  if (first < 0x80) return {0, 1};
  if (first >= 0xC2 && first < 0xE0) return {0x80, 2};
  if (first >= 0xE0 && first < 0xF0) return {0x800, 3};
  if (first >= 0xF0 && first < 0xF5) return {0x10000, 4};
  return {};
}

/// The code point that the non-empty `text` begins with.
code_point decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto [least, length] = announced_by(first);
  if (length == 1) return {first, 1};
  if (length == 0 || length > text.size()) return {};
  if (!std::ranges::all_of(text.substr(1, length - 1), is_continuation)) return {};
  char32_t value = first & (0x7FU >> length);
  for (const char c : text.substr(1, length - 1)) {
    value = value << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  if (value < least || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

/// What a terminal obeys or hides instead of showing it.
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0)                // C0, DEL, C1
         || c == 0x061C || c == 0x200E || c == 0x200F       // marks of direction
         || (c >= 0x2028 && c <= 0x202E)                    // separators, embeddings, overrides
         || (c >= 0x2066 && c <= 0x2069)                    // isolates
         || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);  // BOM, tags
}

void append_escaped(char32_t c, std::string& out) {
  const auto number = static_cast<unsigned>(c);
  if (c == '\n')
    out += "\\n";
  else if (c == '\r')
    out += "\\r";
  else if (c == '\t')
    out += "\\t";
  else if (c < 0x80)
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
  else
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
}

}  // namespace

void append_visible(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto [point, length] = decode(text);
    if (length == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (is_invisible(point))
      append_escaped(point, out);
    else
      out.append(text.substr(0, length));
    text.remove_prefix(length);
  }
}

}  // namespace weir
