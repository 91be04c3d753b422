#include "parse/postgresql_line.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/text_front.hpp"
#include "parse/postgresql_words.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 13> levels{"DEBUG",  "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4",
                                                  "DEBUG5", "LOG",    "INFO",   "NOTICE", "WARNING",
                                                  "ERROR",  "FATAL",  "PANIC"};
constexpr std::array<std::string_view, 7> additions{"DETAIL", "HINT",     "CONTEXT",  "STATEMENT",
                                                    "QUERY",  "LOCATION", "BACKTRACE"};

constexpr std::string_view separators = " ,:;|<>/-";
/// No prefix has more in front of the level; a long line of another program may have thousands.
constexpr int most_colons = 64;

/// How much of `text` looks like `shape`, in which 0 stands for a digit: all of the shape or none.
std::size_t shaped(std::string_view text, std::string_view shape) noexcept {
  if (text.size() < shape.size()) return 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return 0;
  }
  return shape.size();
}

std::size_t digits_at(std::string_view text, std::size_t from) noexcept {
  return std::min(text.find_first_not_of("0123456789", from), text.size()) - from;
}

/// `CET`, `+03`, `-0330`.
std::size_t zone_length(std::string_view text) noexcept {
  const bool offset = text.starts_with('+') || text.starts_with('-');
  const std::string_view allowed = offset ? "+-0123456789:" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t end = std::min(text.find_first_not_of(allowed), text.size());
  // `-` may be what stands behind a time without a zone.
  return offset && (end < 3 || end > 6) ? 0 : end;
}

std::size_t time_length(std::string_view text) noexcept {
  if (const std::size_t seconds = shaped(text, "0000000000.000")) return seconds;
  std::size_t size = shaped(text, "0000-00-00 00:00:00");
  if (size == 0) return 0;
  if (text.substr(size).starts_with('.')) size += 1 + digits_at(text, size + 1);
  if (!text.substr(size).starts_with(' ')) return 0;
  const std::size_t zone = zone_length(text.substr(size + 1));
  return zone == 0 ? 0 : size + 1 + zone;
}

bool is_level(std::string_view word) noexcept {
  return std::ranges::find(levels, word) != levels.end() || is_postgresql_addition(word);
}

/// The capitals and the digit in front of `colon`.
std::string_view word_before(std::string_view line, std::size_t colon) noexcept {
  std::size_t from = colon;
  while (from > 0 && (is_digit(line[from - 1]) || (line[from - 1] >= 'A' && line[from - 1] <= 'Z')))
    --from;
  return line.substr(from, colon - from);
}

/// What stands in front of a colon, by its English name.
translated_word level_at_end_of(std::string_view front) noexcept {
  const std::string_view word = word_before(front, front.size());
  return is_level(word) ? translated_word{word, word.size()} : translated_word_at_end_of(front);
}

std::string_view trimmed_of(std::string_view set, std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  return text.substr(0, text.find_last_not_of(set) + 1);
}

postgresql_client client_of(std::string_view text) noexcept {
  const std::size_t open = text.find('(');
  const bool has_port = open != text.npos && text.ends_with(')') &&
                        all_digits(text.substr(open + 1, text.size() - open - 2));
  if (!has_port) return {text, {}};
  return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

bool is_address(std::string_view text) noexcept {
  const bool v4 = std::ranges::count(text, '.') == 3;
  return !text.empty() && (v4 || std::ranges::count(text, ':') >= 2) &&
         text.find_first_not_of("0123456789abcdefABCDEF.:") == text.npos;
}

/// `5f3c1a2b.1a2b`
bool is_session(std::string_view text) noexcept {
  const std::size_t point = text.find('.');
  return point != text.npos && point >= 7 && point <= 8 && point + 1 < text.size() &&
         text.find_first_not_of("0123456789abcdef.") == text.npos &&
         std::ranges::count(text, '.') == 1;
}

bool is_code(std::string_view text) noexcept {
  return text.size() == 5 &&
         (is_digit(text[0]) || text[0] == 'F' || text[0] == 'P' || text[0] == 'X' ||
          text[0] == 'H') &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
}

/// `[1187]`, `[1187-3]` or, behind a pid, `[3-1]`: the number of the line and a constant.
bool take_numbers(std::string_view& left, postgresql_prefix& found) noexcept {
  constexpr std::size_t longest = 44;  // two numbers of 64 bits, and what stands around them
  if (!left.starts_with('[')) return false;
  const std::size_t close = left.substr(0, longest).find(']');
  if (close == left.npos) return false;
  const std::string_view inside = left.substr(1, close - 1);
  const std::string_view first = inside.substr(0, inside.find('-'));
  const std::string_view second =
      first.size() < inside.size() ? inside.substr(first.size() + 1) : std::string_view{};
  if (!all_digits(first) || (!second.empty() && !all_digits(second))) return false;
  if (found.pid.empty()) {
    found.pid = first;
    found.line = second;
  } else {
    found.line = first;
  }
  left.remove_prefix(close + 1);
  return true;
}

/// The name of a pair that `text` begins with; empty if it does not.
std::string_view pair_name(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && (is_letter(text[size]) || text[size] == '_')) ++size;
  return text.substr(size).starts_with('=') ? text.substr(0, size) : std::string_view{};
}

/// Where the value of a pair ends: in front of the next pair, as programs' names have blanks.
std::size_t pair_value_length(std::string_view text) noexcept {
  constexpr std::string_view between = " ,";
  for (std::size_t end = text.find_first_of(between); end != text.npos;) {
    const std::size_t word = text.find_first_not_of(between, end);
    if (word == text.npos) break;
    if (!pair_name(text.substr(word)).empty()) return end;
    end = text.find_first_of(between, word);
  }
  return text.size();
}

bool set(std::string_view name, std::string_view value, postgresql_prefix& found) noexcept {
  if (name == "user" || name == "usr")
    found.user = value;
  else if (name == "db" || name == "database")
    found.database = value;
  else if (name == "app" || name == "application")
    found.application = value;
  else if (name == "client" || name == "host" || name == "remote")
    found.client = client_of(value);
  else if (name == "pid")
    found.pid = value;
  else
    return false;
  return true;
}

bool take_pair(std::string_view& left, postgresql_prefix& found) noexcept {
  std::string_view text = left;
  take_front(text, "[");
  const std::string_view name = pair_name(text);
  if (name.empty()) return false;
  text.remove_prefix(name.size() + 1);
  const std::size_t size = pair_value_length(text);
  std::string_view value = trimmed_of(" ,:", text.substr(0, size));
  // The bracket that closes all pairs, not that of `[unknown]` or `[local]`.
  if (value.ends_with("]]") || (value.ends_with(']') && !value.starts_with('[')))
    value.remove_suffix(1);
  left = text.substr(size);
  return set(name, value, found);
}

/// `ana@shop` or `ana@shop/psql`.
void set_login(std::string_view word, std::size_t at, postgresql_prefix& found) noexcept {
  found.user = word.substr(0, at);
  const std::string_view behind = word.substr(at + 1);
  found.database = behind.substr(0, behind.find('/'));
  if (found.database.size() < behind.size())
    found.application = behind.substr(found.database.size() + 1);
}

bool take_word(std::string_view& left, postgresql_prefix& found) noexcept {
  const std::string_view word = left.substr(0, left.find_first_of(" ,"));
  left.remove_prefix(word.size());
  const std::size_t at = word.find('@');
  const postgresql_client client = client_of(word);
  if (at != word.npos)
    set_login(word, at, found);
  else if (!client.port.empty() || is_address(word) || word == "[local]")
    found.client = client;
  else if (is_session(trimmed_of("-", word)))
    found.session = trimmed_of("-", word);
  else if (is_code(word))
    found.code = word;
  else
    return word.empty();
  return true;
}

/// `:10.0.0.7(51234):ana@shop:[1187]:`
bool take_rds(std::string_view prefix, postgresql_prefix& found) noexcept {
  const std::size_t bracket = prefix.rfind(":[");
  if (!prefix.starts_with(':') || bracket == prefix.npos || bracket == 0) return false;
  std::string_view numbers = prefix.substr(bracket + 1);
  const std::string_view front = prefix.substr(1, bracket - 1);
  const std::size_t login = front.rfind(':');
  const std::size_t at = front.find('@', login == front.npos ? 0 : login);
  if (login == front.npos || at == front.npos || !take_numbers(numbers, found)) return false;
  found.client = client_of(front.substr(0, login));
  set_login(front.substr(login + 1), at - login - 1, found);
  return true;
}

}  // namespace

std::string_view postgresql_level(std::string_view word) noexcept {
  const translated_word level = level_at_end_of(word);
  return level.size == word.size() ? level.english : std::string_view{};
}

bool is_postgresql_addition(std::string_view level) noexcept {
  return std::ranges::find(additions, level) != additions.end();
}

std::optional<postgresql_line> read_postgresql_line(std::string_view text) noexcept {
  std::string_view left = text;
  take_front(left, "< ");
  const std::size_t time = time_length(left);
  if (time == 0) return std::nullopt;
  const std::size_t line_end = std::min(left.find('\n'), left.size());
  std::size_t colon = left.find(": ", time);
  for (int seen = 0; colon < line_end && seen < most_colons;
       ++seen, colon = left.find(": ", colon + 1)) {
    const std::string_view front = left.substr(time, colon - time);
    const translated_word level = level_at_end_of(front);
    if (level.english.empty()) continue;
    postgresql_line found{.time = left.substr(0, time),
                          .prefix = front.substr(0, front.size() - level.size),
                          .level = level.english,
                          .message = left.substr(colon + 2),
                          .two_blanks = left.substr(colon + 2).starts_with(' ')};
    take_front(found.message, " ");
    return found;
  }
  return std::nullopt;
}

postgresql_prefix read_postgresql_prefix(std::string_view prefix) noexcept {
  postgresql_prefix found;
  if (take_rds(prefix, found)) return found;
  std::string_view left = prefix;
  for (;;) {
    left.remove_prefix(std::min(left.find_first_not_of(separators), left.size()));
    if (left.empty()) return found;
    if (take_numbers(left, found)) continue;
    const bool is_pair = !pair_name(left.substr(left.starts_with('[') ? 1 : 0)).empty();
    const bool known = is_pair ? take_pair(left, found) : take_word(left, found);
    found.is_known = found.is_known && known;
  }
}

}  // namespace weir
