#include "record/json_find.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "record/json_members.hpp"
#include "record/key_sighting.hpp"

namespace weir {
namespace {

/// With the cursor behind an object's brace: the first token of the value of member `name`, or the
/// end.
template <class Cursor>
const char* seek_member(Cursor& at, std::string_view name) noexcept {
  const char* quote = at.next();
  while (quote != at.end() && *quote == '"') {
    const char* const colon = at.next();
    if (colon == at.end()) return colon;
    const char* const first = at.next();
    if (is_key(key_between(quote, colon), name)) return first;
    const char* const comma = after_value(at, first);
    if (comma == at.end() || *comma != ',') return at.end();
    quote = at.next();
  }
  return at.end();
}

/// With the cursor behind an array's bracket: the first token of element `wanted`, or the end.
template <class Cursor>
const char* seek_element(Cursor& at, std::int64_t wanted) noexcept {
  const char* first = at.next();
  for (; first != at.end() && *first != ']'; first = at.next(), --wanted) {
    if (wanted == 0) return first;
    const char* const comma = after_value(at, first);
    if (comma == at.end() || *comma != ',') return at.end();
  }
  return at.end();
}

/// The value whose first token is `first`; the cursor is behind that token.
template <class Cursor>
std::string_view value_at(Cursor& at, const char* first) noexcept {
  if (first == at.end()) return {};
  const char* last = first;
  if (*first != '{' && *first != '[') {
    last = at.next();
  } else {
    for (int depth = 1; depth > 0;) {
      last = at.next();
      if (last == at.end()) return {};
      if (*last == '{' || *last == '[') ++depth;
      if (*last == '}' || *last == ']') --depth;
    }
    ++last;
  }
  return trimmed(first, last);
}

template <class Cursor>
std::string_view find_in(Cursor at, std::span<const field_path::segment> path) noexcept {
  const char* first = at.next();
  for (const auto& segment : path) {
    if (first == at.end()) return {};
    const bool element = segment.element >= 0;
    if (*first != (element ? '[' : '{')) return {};
    first = element ? seek_element(at, segment.element) : seek_member(at, segment.name);
  }
  return value_at(at, first);
}

/// Kept out of line so that the quick way needs few registers.
[[gnu::noinline]] std::string_view walk_index(const record& r, std::string_view name) noexcept {
  indexed_cursor at(r);
  const char* const brace = at.next();
  if (brace == at.end() || *brace != '{') return {};
  const char* const first = seek_member(at, name);
  return value_at(at, first);
}

/// The same for the hot path. A key can be `name` only if it begins like it, or with an
/// escape, so most members cost a look at one byte. Two sentinels at the text's end follow the last
/// token and every third token is compared with `end`, so the walk stays inside. Precondition:
/// `name` is not empty.
std::string_view find_indexed_member(const record& r, std::string_view name) noexcept {
  const structural_index& index = *r.store().index;
  const char* const base = index.base;
  const char* const end = r.text().data() + r.text().size();
  const char initial = name[0];
  for (const std::uint32_t* at = index.at.get() + r.index() + 1;; at += 4) {
    const char* const quote = base + at[0];
    const char* const first = base + at[2];
    if (*quote != '"' || first >= end) return {};
    const bool nested = *first == '{' || *first == '[';
    if (quote[1] == initial || quote[1] == '\\') {
      if (is_key(key_between(quote, base + at[1]), name)) {
        if (nested) return walk_index(r, name);
        return trimmed(first, std::min(base + at[3], end));
      }
    }
    if (nested) return walk_index(r, name);
    if (base[at[3]] != ',') return {};
  }
}

std::string_view walk_text(std::string_view object, std::string_view name) noexcept {
  for (text_members members(object); members.next();) {
    if (is_key(members.current().key, name)) return members.current().value;
  }
  return {};
}

}  // namespace

std::string_view find_json(const record& r, const field_path& path) noexcept {
  if (path.segments.size() == 1 && path.segments[0].element < 0) {
    return find_json_member(r, path.segments[0].name);
  }
  if (r.index() != record::no_index) return find_in(indexed_cursor(r), path.segments);
  return find_json(r.text(), path.segments);
}

std::string_view find_json(std::string_view json,
                           std::span<const field_path::segment> path) noexcept {
  return find_in(json_text_cursor(json), path);
}

std::string_view find_json_member(const record& r, std::string_view name) noexcept {
  if (r.index() == record::no_index) {
    const sighting seen = sight_member(r.text(), name);
    return seen.is_certain() ? seen.value : walk_text(r.text(), name);
  }
  return name.empty() ? walk_index(r, name) : find_indexed_member(r, name);
}

bool same_unescaped(std::string_view json_string, std::string_view name) {
  std::string content;
  unescape(json_string, content);
  return content == name;
}

}  // namespace weir
