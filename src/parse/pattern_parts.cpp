#include "parse/pattern_parts.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace weir {
namespace {

using kind = pattern_part::kind;

// Beyond them a pattern is left whole: what is done with its parts takes their square.
constexpr int most_groups = 200;
constexpr int deepest = 100;

bool captures(const pattern_part& p) {
  return p.group != 0 || std::ranges::any_of(p.ways, [](const pattern_parts& way) {
           return std::ranges::any_of(way, captures);
         });
}

bool is_free(const pattern_part& p, kind of) noexcept {
  return p.is == of && p.group == 0;
}

std::string quoted(const pattern_part& p) {
  return p.is == kind::literal ? RE2::QuoteMeta(p.text) : p.text;
}

/// A literal between two plain parts becomes part of them: one look at all three.
void append_plain(pattern_part p, pattern_parts& to) {
  const std::size_t size = to.size();
  if (size >= 2 && is_free(to[size - 1], kind::literal) && is_free(to[size - 2], kind::plain)) {
    to[size - 2].text += quoted(to[size - 1]);
    to.pop_back();
  }
  if (to.empty() || !is_free(to.back(), kind::plain)) return to.push_back(std::move(p));
  to.back().text += p.text;
}

void append(pattern_part p, pattern_parts& to) {
  if (is_free(p, kind::choice) && p.ways.size() == 1) {
    for (pattern_part& inner : p.ways[0]) append(std::move(inner), to);
    return;
  }
  if (p.is == kind::choice && std::ranges::none_of(p.ways, [](const pattern_parts& way) {
        return std::ranges::any_of(way, captures);
      })) {
    p.is = kind::plain;
    p.ways.clear();
  }
  if (is_free(p, kind::plain)) return append_plain(std::move(p), to);
  if (is_free(p, kind::literal) && !to.empty() && is_free(to.back(), kind::literal)) {
    to.back().text += p.text;
  } else {
    to.push_back(std::move(p));
  }
}

/// The length of `*`, `+`, `?` or `{2,3}` at the front.
std::size_t repeat_length(std::string_view rest) noexcept {
  if (rest.empty()) return 0;
  if (rest[0] == '*' || rest[0] == '+' || rest[0] == '?') return 1;
  if (rest[0] != '{' || rest.size() < 2 || !is_digit(rest[1])) return 0;
  const std::size_t end = rest.find_first_not_of("0123456789,", 1);
  return end != rest.npos && rest[end] == '}' ? end + 1 : 0;
}

/// The length of the class at the front, `[^a-z[:digit:]]`.
std::size_t class_length(std::string_view rest) noexcept {
  std::size_t at = 1;
  if (rest.substr(at).starts_with('^')) ++at;
  if (rest.substr(at).starts_with(']')) ++at;  // as the first one it is itself
  while (at < rest.size() && rest[at] != ']') {
    const std::size_t named = rest.substr(at).starts_with("[:") ? rest.find(":]", at) : rest.npos;
    at = named != rest.npos ? named + 2 : at + (rest[at] == '\\' ? 2 : 1);
  }
  return std::min(at + 1, rest.size());
}

class part_reader {
 public:
  explicit part_reader(std::string_view pattern) noexcept : left_(pattern) {}

  std::optional<pattern_parts> read() {
    const std::string_view pattern = left_;
    std::vector<pattern_parts> ways = read_ways();
    if (!understood_ || !left_.empty()) return std::nullopt;
    pattern_parts parts;
    append(choice(pattern, std::move(ways), 0), parts);
    return parts;
  }

 private:
  /// Up to the bracket that closes, or the end.
  std::vector<pattern_parts> read_ways() {
    std::vector<pattern_parts> ways(1);
    while (understood_ && !left_.empty() && left_[0] != ')') {
      if (take("|")) {
        ways.emplace_back();
      } else {
        append(read_repeated(), ways.back());
      }
    }
    return ways;
  }

  pattern_part read_repeated() {
    const std::string_view from = left_;
    pattern_part atom = read_atom();
    const std::string_view repeat = take_repeat();
    if (repeat.empty()) return atom;
    const std::string_view source = from.substr(0, from.size() - left_.size());
    if (atom.is == kind::literal && repeat[0] == '+') return one_and_more(atom, source, repeat);
    if (!captures(atom)) return plain(source);
    if (repeat != "?" && repeat != "{0,1}" && repeat != "??") understood_ = false;
    std::vector<pattern_parts> ways(2);
    append(std::move(atom), ways[repeat == "??" ? 1 : 0]);
    return choice(source, std::move(ways), 0);
  }

  /// `a+` is `aa*`: what stands in front of it then knows what follows.
  static pattern_part one_and_more(const pattern_part& one, std::string_view source,
                                   std::string_view repeat) {
    const std::string_view atom = source.substr(0, source.size() - repeat.size());
    const pattern_part more = plain(std::string{atom} + "*" + std::string{repeat.substr(1)});
    return choice(source, {{one, more}}, 0);
  }

  pattern_part read_atom() {
    switch (left_[0]) {
      case '(':
        return read_group();
      case '[':
        return plain(take(class_length(left_)));
      case '.':
      case '^':
      case '$':
        return plain(take(1));
      case '\\':
        return read_escape();
      case '*':
      case '+':
      case '?':
        understood_ = false;
        return plain(take(1));
      default:
        return literal(take(std::max<std::size_t>(1, utf8_length(left_))));
    }
  }

  pattern_part read_group() {
    take("(");
    const bool silent = take("?:");
    if (!silent && left_.starts_with('?')) understood_ = false;
    const int group = silent ? 0 : ++groups_;
    if (groups_ > most_groups || ++depth_ > deepest) understood_ = false;
    const std::string_view from = left_;
    std::vector<pattern_parts> ways = read_ways();
    --depth_;
    const std::string_view inside = from.substr(0, from.size() - left_.size());
    if (!take(")")) understood_ = false;
    return choice(inside, std::move(ways), group);
  }

  pattern_part read_escape() {
    constexpr std::string_view classes_and_places = "dDsSwWbBAznrfv";
    const std::string_view escape = take(2);
    const char c = escape.back();
    if (c == 't') return literal("\t");
    if (classes_and_places.find(c) != std::string_view::npos) return plain(escape);
    const bool punctuation = c > ' ' && c < '\x7f' && !is_letter(c) && !is_digit(c) && c != '_';
    if (!punctuation) understood_ = false;
    return literal(escape.substr(1));
  }

  std::string_view take_repeat() noexcept {
    const std::string_view from = left_;
    while (const std::size_t length = repeat_length(left_)) take(length);
    return from.substr(0, from.size() - left_.size());
  }

  static pattern_part choice(std::string_view text, std::vector<pattern_parts> ways, int group) {
    return {kind::choice, "(?:" + std::string{text} + ")", std::move(ways), group};
  }
  static pattern_part plain(std::string_view text) {
    return {kind::plain, std::string{text}, {}, 0};
  }
  static pattern_part literal(std::string_view text) {
    return {kind::literal, std::string{text}, {}, 0};
  }

  std::string_view take(std::size_t length) noexcept {
    const std::string_view taken = left_.substr(0, length);
    left_.remove_prefix(taken.size());
    return taken;
  }

  bool take(std::string_view text) noexcept {
    if (!left_.starts_with(text)) return false;
    left_.remove_prefix(text.size());
    return true;
  }

  std::string_view left_;
  int groups_ = 0;
  int depth_ = 0;
  bool understood_ = true;
};

}  // namespace

std::string text_of(const pattern_parts& parts) {
  std::string out;
  for (const pattern_part& p : parts) out += quoted(p);
  return out;
}

std::optional<pattern_parts> read_pattern_parts(std::string_view pattern) {
  return part_reader(pattern).read();
}

}  // namespace weir
