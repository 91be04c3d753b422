#include "source/key_pattern.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "source/glob.hpp"
#include "source/wildcard.hpp"

namespace weir {
namespace {

/// Everything below a directory.
std::string as_pattern(const std::string& text) {
  const bool directory = text.empty() || text.ends_with('/');
  return directory ? text + "**" : text;
}

/// What the pattern begins with before its first wildcard, with its escapes resolved.
std::string literal_start(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (std::string_view{"*?["}.contains(pattern[i])) break;
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    out += pattern[i];
  }
  return out;
}

std::vector<std::string> without_covered(std::vector<std::string> prefixes) {
  std::ranges::sort(prefixes);
  std::vector<std::string> kept;
  for (std::string& p : prefixes)
    if (kept.empty() || !p.starts_with(kept.back())) kept.push_back(std::move(p));
  return kept;
}

/// A star that has matched some of the key, and may match more of it.
struct star {
  std::string_view behind;  ///< the pattern behind it
  std::string_view key;     ///< the key behind what it has matched
  bool crosses;             ///< slashes, too
};

bool take_star(std::string_view& pattern, bool& crosses) {
  if (!pattern.starts_with('*')) return false;
  crosses = pattern.starts_with("**");
  pattern.remove_prefix(crosses ? 2 : 1);
  return true;
}

// When the latest `*` can go no further, the latest `**` is tried again: what an earlier one could
// give, the later one of the same kind can as well.
bool matches_key(std::string_view pattern, std::string_view key) {
  std::optional<star> within;
  std::optional<star> across;
  for (;;) {
    bool crosses = false;
    if (take_star(pattern, crosses)) {
      // `**/` may stand for no directory at all.
      if (crosses && pattern.starts_with('/')) {
        if (matches_key(pattern.substr(1), key)) return true;
      }
      (crosses ? across : within) = star{pattern, key, crosses};
      if (crosses) within.reset();
      continue;
    }
    if (key.empty() && pattern.empty()) return true;
    const auto rest = key.empty() ? std::nullopt : match_one(pattern, key[0]);
    if (rest && !(key[0] == '/' && pattern[0] != '/')) {
      pattern = *rest;
      key.remove_prefix(1);
      continue;
    }
    if (within && (within->key.empty() || within->key[0] == '/')) within.reset();
    auto& again = within ? within : across;
    if (!again || again->key.empty()) return false;
    again->key.remove_prefix(1);
    pattern = again->behind;
    key = again->key;
  }
}

}  // namespace

key_pattern::key_pattern(std::string text)
    : text_(std::move(text)), is_key_(!has_wildcards(text_) && as_pattern(text_) == text_) {
  if (is_key_) {
    prefixes_ = {text_};
    return;
  }
  alternatives_ = expand_braces(as_pattern(text_));
  for (const std::string& one : alternatives_) prefixes_.push_back(literal_start(one));
  prefixes_ = without_covered(std::move(prefixes_));
}

bool key_pattern::matches(std::string_view key) const noexcept {
  if (is_key_) return key == text_;
  return std::ranges::any_of(alternatives_,
                             [key](const std::string& one) { return matches_key(one, key); });
}

}  // namespace weir
