#pragma once
#include <bit>
#include <cstdint>

#include "base/blank.hpp"
#include "base/bytes16.hpp"

namespace weir {

// Steps over pieces of JSON text. On what is no JSON they stop somewhere, at `end` at the latest.

inline bool is_operator(char c) noexcept {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

inline const char* skip_blanks(const char* at, const char* end) noexcept {
  while (at != end && *at <= ' ' && is_blank(*at)) ++at;
  return at;
}

/// The first quote or backslash, or `end`.
inline const char* find_quote_or_backslash(const char* at, const char* end) noexcept {
  for (; end - at >= 16; at += 16) {
    const bytes16 here = load16(at);
    const std::uint32_t hits = bits_of((here == '"') | (here == '\\'));
    if (hits != 0) return at + std::countr_zero(hits);
  }
  while (at != end && *at != '"' && *at != '\\') ++at;
  return at;
}

/// The quote that closes the string whose content begins at `at`.
inline const char* closing_quote(const char* at, const char* end) noexcept {
  for (;;) {
    at = find_quote_or_backslash(at, end);
    if (at == end || *at == '"') return at;
    if (end - at < 2) return end;
    at += 2;
  }
}

/// Skips the string that begins at `at`, with both quotes.
inline const char* skip_string(const char* at, const char* end) noexcept {
  at = closing_quote(at + 1, end);
  return at == end ? end : at + 1;
}

/// Skips a number, `true`, `false` or `null`.
inline const char* skip_scalar(const char* at, const char* end) noexcept {
  while (at != end && !is_blank(*at) && !is_operator(*at) && *at != '"') ++at;
  return at;
}

/// Skips the object or array that begins at `at`; `end` if it is not closed.
inline const char* skip_container(const char* at, const char* end) noexcept {
  for (int depth = 0; at != end;) {
    if (*at == '"') {
      at = skip_string(at, end);
      continue;
    }
    if (*at == '{' || *at == '[') ++depth;
    if (*at == '}' || *at == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return end;
}

inline const char* skip_value(const char* at, const char* end) noexcept {
  if (at == end) return end;
  if (*at == '"') return skip_string(at, end);
  return *at == '{' || *at == '[' ? skip_container(at, end) : skip_scalar(at, end);
}

}  // namespace weir
