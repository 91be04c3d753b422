#pragma once
#include <string_view>

namespace weir {

/// The blanks of JSON and of lines.
inline bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

inline bool is_blank_in_line(char c) noexcept {
  return is_blank(c) && c != '\n';
}

inline std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace weir
