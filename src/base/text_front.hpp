#pragma once
#include <string_view>

namespace weir {

/// The text in front of its first line feed, or all of it.
inline std::string_view first_line(std::string_view text) noexcept {
  return text.substr(0, text.find('\n'));
}

/// Takes `front` off the front of `text`; false, and nothing taken, if it does not stand there.
inline bool take_front(std::string_view& text, std::string_view front) noexcept {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

}  // namespace weir
