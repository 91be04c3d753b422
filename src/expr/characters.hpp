#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>

namespace weir::expr {

inline bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

inline std::int64_t count_characters(std::string_view text) noexcept {
  return std::ranges::count_if(text, [](char c) { return !is_continuation(c); });
}

/// The byte at which character `index` (from 0) begins, or the text's end.
inline std::size_t byte_of(std::string_view text, std::int64_t index) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!is_continuation(text[at]) && index-- == 0) break;
  }
  return at;
}

/// Characters [first, last), both clipped to the text.
inline std::string_view characters(std::string_view text, std::int64_t first,
                                   std::int64_t last) noexcept {
  const std::size_t begin = byte_of(text, std::max<std::int64_t>(first, 0));
  if (last <= first || last <= 0) return {};
  const std::string_view rest = text.substr(begin);
  return rest.substr(0, byte_of(rest, last - std::max<std::int64_t>(first, 0)));
}

}  // namespace weir::expr
