#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace weir {

/// The text without the control sequences that colour it on a terminal: ESC, `[`, numbers, a
/// letter.
inline std::string without_colours(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t escape = std::min(text.find("\x1b[", at), text.size());
    out += text.substr(at, escape - at);
    const std::size_t last = text.find_first_not_of("0123456789;:", escape + 2);
    at = escape == text.size() || last == text.npos ? text.size() : last + 1;
  }
  return out;
}

}  // namespace weir
