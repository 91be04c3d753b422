#pragma once
#include <string>
#include <string_view>

namespace weir {

/// Names of headers and the like know no case, and no letters but these.
constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = lower_case(c);
  return out;
}

}  // namespace weir
