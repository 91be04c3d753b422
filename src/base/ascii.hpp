#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace weir {

/// Names of headers and the like know no case, and no letters but these.
constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// False for nothing.
constexpr bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char small = lower_case(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

inline std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = lower_case(c);
  return out;
}

}  // namespace weir
