#include "record/json_grammar.hpp"

#include <bitset>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "base/utf8.hpp"

namespace weir {
namespace {

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The length of the escape at the front of `s`, which begins with a backslash, or 0.
std::size_t escape_length(std::string_view s) noexcept {
  if (s.size() < 2) return 0;
  if (s[1] != 'u') return std::string_view{"\"\\/bfnrt"}.contains(s[1]) ? 2 : 0;
  if (s.size() < 6) return 0;
  for (std::size_t i = 2; i < 6; ++i) {
    if (!is_hex(s[i])) return 0;
  }
  return 6;
}

/// A reader of one JSON text that stops at its first fault.
class checker {
 public:
  checker(std::string_view text, std::size_t max_depth) noexcept
      : text_(text), max_depth_(max_depth < json_depth ? max_depth : json_depth) {}

  json_fault check_object() noexcept {
    skip_blanks();
    if (peek() != '{') return fault(at_end() ? "empty" : "not an object");
    return check("text after the object");
  }
  json_fault check(std::string_view why_not_at_end) noexcept {
    const json_fault inside = document();
    if (!inside.ok()) return inside;
    skip_blanks();
    return at_end() ? json_fault{} : fault(why_not_at_end);
  }

 private:
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const noexcept { return at_ >= text_.size(); }
  void skip_blanks() noexcept {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  json_fault fault(std::string_view why) const noexcept {
    return {why, static_cast<std::uint32_t>(at_)};
  }

  /// Reads from the opening brace to its partner. A bit a level says whether it is an array.
  json_fault document() noexcept {
    do {
      if (const json_fault f = value(); !f.ok()) return f;
      if (const json_fault f = after_value(); !f.ok()) return f;
    } while (depth_ > 0);
    return {};
  }

  /// Reads a value; for a container only its opening, up to its first member's value.
  json_fault value() noexcept {
    for (;;) {
      skip_blanks();
      const char c = peek();
      if (c != '{' && c != '[') return scalar();
      if (depth_ == max_depth_) return fault("nested too deeply");
      is_array_[depth_++] = c == '[';
      ++at_;
      skip_blanks();
      if (peek() == (c == '[' ? ']' : '}')) return {};
      if (c == '{') {
        if (const json_fault f = key(); !f.ok()) return f;
      }
    }
  }

  /// Closes what ends here and reads up to the next value, if the outermost object goes on.
  json_fault after_value() noexcept {
    while (depth_ > 0) {
      skip_blanks();
      const bool array = is_array_[depth_ - 1];
      const char c = peek();
      if (c == (array ? ']' : '}') && !at_end()) {
        ++at_;
        --depth_;
        continue;
      }
      if (c != ',')
        return fault(at_end() ? "ends early" : array ? "expected , or ]" : "expected , or }");
      ++at_;
      return array ? json_fault{} : key();
    }
    return {};
  }

  json_fault key() noexcept {
    skip_blanks();
    if (peek() != '"') return fault(at_end() ? "ends early" : "expected a key");
    if (const json_fault f = string(); !f.ok()) return f;
    skip_blanks();
    if (peek() != ':') return fault(at_end() ? "ends early" : "expected :");
    ++at_;
    return {};
  }

  json_fault scalar() noexcept {
    const char c = peek();
    if (at_end()) return fault("ends early");
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return {};
      }
    }
    return fault("expected a value");
  }

  json_fault number() noexcept {
    const std::size_t length = json_number_length(text_.substr(at_));
    if (length == 0) return fault("malformed number");
    at_ += length;
    return {};
  }

  json_fault string() noexcept {
    for (++at_; !at_end() && text_[at_] != '"';) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return fault("control character in a string");
      const std::string_view rest = text_.substr(at_);
      const std::size_t length = c == '\\' ? escape_length(rest) : utf8_length(rest);
      if (length == 0) return fault(c == '\\' ? "malformed escape" : "invalid UTF-8");
      at_ += length;
    }
    if (at_end()) return fault("string without end");
    ++at_;
    return {};
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::bitset<json_depth> is_array_;
};

}  // namespace

json_fault check_json_object(std::string_view text, std::size_t max_depth) noexcept {
  return checker(text, max_depth).check_object();
}

json_fault check_json(std::string_view text, std::size_t max_depth) noexcept {
  return checker(text, max_depth).check("text after the value");
}

json_fault check_trusted_json(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {"empty", 0};
  if (text[first] != '{') return {"not an object", static_cast<std::uint32_t>(first)};
  bool in_string = false;
  for (std::size_t at = first; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return {"invalid UTF-8", static_cast<std::uint32_t>(at)};
    if (text[at] == '"') in_string = !in_string;
    const bool escape = in_string && text[at] == '\\' && at + 1 < text.size() &&
                        utf8_length(text.substr(at + 1)) == 1;
    at += escape ? 2 : length;
  }
  const auto last = static_cast<std::uint32_t>(text.find_last_not_of(" \t\r\n"));
  if (in_string) return {"string without end", last};
  return text[last] == '}' ? json_fault{} : json_fault{"expected }", last};
}

std::size_t json_number_length(std::string_view text) noexcept {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - first;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return 0;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return 0;
  }
  return at;
}

bool json_escapes_valid(std::string_view text) noexcept {
  for (std::size_t at = text.find('\\'); at != text.npos; at = text.find('\\', at)) {
    const std::size_t length = escape_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace weir
