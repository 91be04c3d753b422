#pragma once
#include <cstring>
#include <string_view>
#include <utility>

#include "base/blank.hpp"
#include "record/json_cursor.hpp"
#include "record/json_find.hpp"

namespace weir {

/// What lies between two tokens, without trailing blanks.
inline std::string_view trimmed(const char* first, const char* last) noexcept {
  while (last != first && last[-1] <= ' ' && is_blank(last[-1])) --last;
  return {first, static_cast<std::size_t>(last - first)};
}

/// Skips the rest of a value whose first token is `token`; returns the token after it.
template <class Cursor>
const char* after_value(Cursor& at, const char* token) noexcept {
  if (token == at.end()) return token;
  if (*token != '{' && *token != '[') return at.next();
  for (int depth = 1; depth > 0;) {
    token = at.next();
    if (token == at.end()) return token;
    if (*token == '{' || *token == '[') ++depth;
    if (*token == '}' || *token == ']') --depth;
  }
  return at.next();
}

/// The content of the key whose opening quote and following colon are given.
inline std::string_view key_between(const char* quote, const char* colon) noexcept {
  const std::string_view quoted = trimmed(quote, colon);
  return quoted.size() < 2 ? std::string_view{} : quoted.substr(1, quoted.size() - 2);
}

// Escapes only lengthen a key, so a key that is not longer than the name needs no look for them.
// Most keys differ from the name in size or in their first byte.
inline bool is_key(std::string_view key, std::string_view name) noexcept {
  if (key.size() == name.size()) {
    if (name.empty()) return true;
    return key[0] == name[0] && std::memcmp(key.data(), name.data(), name.size()) == 0;
  }
  if (key.size() < name.size()) return false;
  return std::memchr(key.data(), '\\', key.size()) != nullptr && same_unescaped(key, name);
}

/// One member of an object as it stands in the text.
struct member {
  std::string_view key;    ///< raw, between its quotes
  std::string_view value;  ///< without blanks around it
  const char* begin;       ///< the key's opening quote

  const char* end() const noexcept { return value.data() + value.size(); }
};

/// Reads the members of the object that a text is, in order. On what is no JSON it ends early.
class text_members {
 public:
  explicit text_members(std::string_view object) noexcept
      : end_(object.data() + object.size()), at_(skip_blanks(object.data(), end_)) {
    at_ = at_ != end_ && *at_ == '{' ? skip_blanks(at_ + 1, end_) : end_;
  }

  bool next() noexcept {
    if (at_ == end_ || *at_ != '"') return false;
    const char* const quote = std::exchange(at_, end_);
    const char* const close = closing_quote(quote + 1, end_);
    const char* const colon = close == end_ ? end_ : skip_blanks(close + 1, end_);
    if (colon == end_ || *colon != ':') return false;
    const char* const first = skip_blanks(colon + 1, end_);
    const char* const last = skip_value(first, end_);
    if (last == first) return false;
    current_ = {{quote + 1, close}, {first, last}, quote};
    at_ = behind(skip_blanks(last, end_));
    return true;
  }
  /// The one that `next` came to. Valid until its next call.
  const member& current() const noexcept { return current_; }
  /// The brace behind the last member, or nullptr if it was not come to.
  const char* brace() const noexcept { return at_ != end_ && *at_ == '}' ? at_ : nullptr; }

 private:
  /// What is to be read behind a value: the next key, or the brace.
  const char* behind(const char* at) const noexcept {
    if (at == end_ || *at == '}') return at;
    if (*at == ',') at = skip_blanks(at + 1, end_);
    return at != end_ && *at == '"' ? at : end_;
  }

  const char* end_;
  const char* at_;
  member current_ = {};
};

/// Calls `visit(const member&)` for each member of the object at the cursor, in order. On text that
/// is not valid JSON it ends early.
template <class Visit>
void for_each_member(indexed_cursor at, Visit&& visit) {
  const char* const brace = at.next();
  if (brace == at.end() || *brace != '{') return;
  const char* quote = at.next();
  while (quote != at.end() && *quote == '"') {
    const char* const colon = at.next();
    if (colon == at.end()) return;
    const char* const first = at.next();
    if (first == at.end()) return;
    const char* const after = after_value(at, first);
    visit(member{key_between(quote, colon), trimmed(first, after), quote});
    if (after == at.end() || *after != ',') return;
    quote = at.next();
  }
}

/// The same for an object's text.
template <class Visit>
void for_each_member(std::string_view object, Visit&& visit) {
  for (text_members members(object); members.next();) visit(members.current());
}

/// The same for the members of a record. Precondition: shape::json.
template <class Visit>
void for_each_member(const record& r, Visit&& visit) {
  if (r.index() != record::no_index) return for_each_member(indexed_cursor(r), visit);
  for_each_member(r.text(), visit);
}

}  // namespace weir
