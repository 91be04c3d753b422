#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// The number that all of `text` is, in digits; nothing if it is none, or needs more than 64 bits.
inline std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// The number that `text` begins with; 0 if it begins with none.
inline std::uint64_t leading_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace weir
