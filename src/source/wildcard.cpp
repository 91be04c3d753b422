#include "source/wildcard.hpp"

#include <utility>

namespace weir {
namespace {

/// The index behind the group `{...}` that begins at `open`, or npos if it is never closed.
std::size_t end_of_group(std::string_view pattern, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '{')
      ++depth;
    else if (pattern[i] == '}' && --depth == 0)
      return i + 1;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> split_group(std::string_view inside) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\')
      ++i;
    else if (inside[i] == '{')
      ++depth;
    else if (inside[i] == '}')
      --depth;
    else if (inside[i] == ',' && depth == 0) {
      parts.push_back(inside.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(inside.substr(begin));
  return parts;
}

std::size_t find_group(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '{')
      return i;
  }
  return std::string_view::npos;
}

/// Whether `set`, the text between `[` and `]`, names `c`.
bool in_set(std::string_view set, char c) {
  const bool negated = set.starts_with('!') || set.starts_with('^');
  if (negated) set.remove_prefix(1);
  const auto byte = static_cast<unsigned char>(c);
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto low = static_cast<unsigned char>(set[i]);
    auto high = low;
    if (i + 2 < set.size() && set[i + 1] == '-') high = static_cast<unsigned char>(set[i += 2]);
    if (low <= byte && byte <= high) return !negated;
  }
  return negated;
}

}  // namespace

std::vector<std::string> expand_braces(std::string_view pattern) {
  const auto open = find_group(pattern);
  const auto close = open == pattern.npos ? open : end_of_group(pattern, open);
  if (close == pattern.npos) return {std::string{pattern}};
  std::vector<std::string> all;
  for (const auto part : split_group(pattern.substr(open + 1, close - open - 2))) {
    auto one = std::string{pattern.substr(0, open)}.append(part).append(pattern.substr(close));
    for (auto& whole : expand_braces(one)) all.push_back(std::move(whole));
  }
  return all;
}

std::optional<std::string_view> match_one(std::string_view pattern, char c) {
  if (pattern.empty()) return std::nullopt;
  if (pattern[0] == '?') return pattern.substr(1);
  if (pattern[0] == '[') {
    // A `]` right after the opening (or its negation) is a member.
    const std::size_t first =
        pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 3 : 2;
    const auto close = pattern.find(']', first);
    if (close != pattern.npos) {
      if (!in_set(pattern.substr(1, close - 1), c)) return std::nullopt;
      return pattern.substr(close + 1);
    }
  }
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  if (pattern[0] != c) return std::nullopt;
  return pattern.substr(1);
}

}  // namespace weir
