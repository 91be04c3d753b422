#pragma once
#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.hpp"

namespace weir {

/// What lines of text call their levels, in any case; a word in front of those that it begins with.
inline constexpr std::array<std::string_view, 27> level_words{
    "trace", "debug", "information", "info",  "notice",   "warning", "warn",  "error",     "err",
    "eror",  "dbug",  "severe",      "fatal", "critical", "crit",    "alert", "emergency", "emerg",
    "panic", "vrb",   "dbg",         "inf",   "wrn",      "ftl",     "trc",   "verbose",   "note"};

inline bool is_level_word(std::string_view word) noexcept {
  const auto same = [word](std::string_view level) {
    return std::ranges::equal(level, word, {}, {}, [](char c) { return lower_case(c); });
  };
  return std::ranges::any_of(level_words, same);
}

}  // namespace weir
