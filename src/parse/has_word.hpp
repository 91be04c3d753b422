#pragma once
#include <cstddef>
#include <string_view>

namespace weir {

/// Whether `word` is one of `words`, between which blanks stand.
inline bool has_word(std::string_view words, std::string_view word) noexcept {
  if (word.empty()) return false;
  for (std::size_t at = 0; (at = words.find(word, at)) != words.npos; at += word.size()) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
      return true;
  }
  return false;
}

}  // namespace weir
