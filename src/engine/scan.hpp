#pragma once
#include <string_view>
#include <vector>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "weir/diagnostic.hpp"

namespace weir {

/// A letter, digit or underscore, or a byte of a letter beyond ASCII.
constexpr bool is_word_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_quote(char c) noexcept {
  return c == '"' || c == '\'' || c == '`';
}

/// The end of the quoted string or name that begins at `at`, behind its closing quote; npos if it
/// is not closed. A backslash in a string hides the character behind it.
std::size_t end_of_quoted(std::string_view text, std::size_t at) noexcept;

/// Cuts `text` at every `separator` that is outside quotes and brackets. Always at least one piece;
/// pieces are trimmed, and their spans are right if `text` has them. Unclosed quotes and brackets
/// reach to the end.
std::vector<located_text> split(const located_text& text, char separator);

/// The first `wanted` outside quotes and brackets, or npos.
std::size_t find_outside(std::string_view text, char wanted) noexcept;

/// The bytes from `begin` to `end` of `text` without blanks around them.
located_text trimmed(const located_text& text, std::size_t begin, std::size_t end);

}  // namespace weir
