#include "codec/framing_guess.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "codec/framer.hpp"
#include "codec/json_scanner.hpp"
#include "codec/message_sight.hpp"
#include "codec/octet_scanner.hpp"

namespace weir {
namespace {

using guess = std::optional<framing_guess>;
using event = record_scanner::event;
using ending = record_scanner::ending;

constexpr std::size_t far_member_bytes_max = 4 << 10;

guess lines() {
  return framing_guess{};
}

guess documents(std::string_view name) {
  return framing_guess{known_framing_called(name)};
}

/// What to say where the bytes do not suffice.
guess undecided(bool whole) {
  return whole ? lines() : std::nullopt;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = std::ranges::find_if_not(text, is_blank);
  return {first, text.end()};
}

/// Takes `token` and the blanks behind it off the front.
bool take(std::string_view& text, char token) {
  if (!text.starts_with(token)) return false;
  text = without_blanks(text.substr(1));
  return true;
}

/// The first record of some JSON.
struct first_record {
  bool is_json = false;  ///< as far as it goes
  std::string_view text = {};
  std::optional<std::string_view> behind = {};  ///< nothing if the record goes on
};

first_record find_first(std::string_view text) {
  json_scanner scanner(known_framings().front().how);
  const std::string_view from = text.substr(scanner.next(text).used);
  const auto end = scanner.next(from);
  if (end.what == event::none) return {.is_json = true, .text = from};
  if (end.what != event::ends) return {};
  return {true, from.substr(0, end.used), from.substr(end.used)};
}

/// By what stands behind a document in its last line: that there is nothing is only a sign of
/// documents if `alone_is_one`.
guess guess_behind(std::string_view behind, bool whole, bool alone_is_one) {
  const auto margin_end =
      std::ranges::find_if_not(behind, [](char c) { return c == ',' || is_blank_in_line(c); });
  const std::string_view next{margin_end, behind.end()};
  if (next.starts_with('{')) return documents("json");
  if (!next.empty() && next[0] != '\n') return lines();
  if (next.empty() && !whole) return std::nullopt;
  const bool has_comma = std::string_view{behind.begin(), margin_end}.contains(',');
  return alone_is_one || has_comma ? documents("json") : lines();
}

/// `[` of records that are objects; some log lines begin with a bracket, too.
guess guess_array(std::string_view text, bool whole) {
  std::string_view inside = text;
  take(inside, '[');
  if (inside.empty()) return undecided(whole);
  if (inside[0] != '{') return lines();
  const first_record first = find_first(text);
  if (!first.is_json) return lines();
  const guess cut_off = whole ? documents("json") : std::nullopt;
  if (!first.behind) return cut_off;
  std::string_view behind = without_blanks(*first.behind);
  if (behind.empty()) return cut_off;
  if (behind[0] == ']') return guess_behind(behind.substr(1), whole, true);
  if (!take(behind, ',')) return lines();
  if (behind.empty()) return cut_off;
  return behind[0] == '{' ? documents("json") : lines();
}

/// By how the first object lies in its lines.
guess guess_objects(std::string_view text, bool whole) {
  const first_record first = find_first(text);
  if (!first.is_json) return lines();
  const bool has_lines = first.text.contains('\n');
  if (first.behind) return guess_behind(*first.behind, whole, has_lines);
  if (!whole) return std::nullopt;
  return has_lines ? documents("json") : lines();
}

/// RFC 7464's separators stand in front of documents.
guess guess_sequence(std::string_view text, bool whole) {
  while (take(text, record_separator)) {
  }
  if (text.empty()) return undecided(whole);
  return text[0] == '{' || text[0] == '[' ? documents("json") : lines();
}

guess guess_known(const known_framing& known, std::string_view value, bool whole) {
  if (known.first_member == known.array) {
    if (value.empty()) return undecided(whole);
    if (!take(value, '[')) return lines();
    if (value.empty()) return undecided(whole);
    return value[0] == '{' || value[0] == ']' ? framing_guess{&known} : lines();
  }
  const std::string_view near = value.substr(0, far_member_bytes_max);
  if (near.contains("\"" + std::string{known.array} + "\"")) return framing_guess{&known};
  return near.size() == far_member_bytes_max ? lines() : undecided(whole);
}

guess guess_document(std::string_view text, bool whole) {
  std::string_view inside = text;
  take(inside, '{');
  if (inside.empty()) return undecided(whole);
  if (inside[0] != '"') return lines();
  const std::size_t quote = inside.find('"', 1);
  if (quote == inside.npos) return undecided(whole);
  const std::string_view key = inside.substr(1, quote - 1);
  std::string_view value = without_blanks(inside.substr(quote + 1));
  if (value.empty()) return undecided(whole);
  if (!take(value, ':')) return lines();
  for (const known_framing& known : known_framings()) {
    if (known.first_member.empty() || known.first_member != key) continue;
    const guess found = guess_known(known, value, whole);
    if (!found || found->documents != nullptr) return found;
  }
  return guess_objects(text, whole);
}

guess guess_elements(std::string_view text, bool whole) {
  constexpr std::string_view prolog = "<?xml";
  constexpr std::string_view root = "<Event";
  if (text.starts_with(prolog)) {
    const std::size_t end = text.find("?>");
    if (end == text.npos) return undecided(whole);
    text = without_blanks(text.substr(end + 2));
  }
  if (text.size() <= root.size() && (root.starts_with(text) || prolog.starts_with(text)))
    return undecided(whole);
  if (!text.starts_with(root)) return lines();
  const char behind = text[root.size()];
  return is_blank(behind) || behind == '>' || behind == 's' ? documents("windows_event") : lines();
}

bool begins_with_message(std::string_view text) {
  message_sight sight;
  const auto found = std::ranges::find_if(text, [&sight](char c) { return sight.take(c); });
  return found != text.end() && text.starts_with(sight.seen());
}

/// `LEN <PRI>...`, and behind so many bytes something that may follow.
guess guess_messages(std::string_view text, bool whole) {
  octet_scanner scanner(guess_bytes_max, 0, {});
  scanner.next(text);
  const auto message = scanner.next(text);
  if (message.what == event::doubts) return lines();
  if (message.what == event::none && !whole) return std::nullopt;
  if (message.what == event::none && scanner.at_end() != ending::whole) return lines();
  return begins_with_message(text) ? documents("syslog") : lines();
}

guess guess_by_front(std::string_view text, bool whole) {
  if (text.empty()) return undecided(whole);
  switch (text[0]) {
    case '{':
      return guess_document(text, whole);
    case '[':
      return guess_array(text, whole);
    case '<':
      return guess_elements(text, whole);
    case record_separator:
      return guess_sequence(text, whole);
    default:
      return is_digit(text[0]) ? guess_messages(text, whole) : lines();
  }
}

}  // namespace

std::optional<framing_guess> guess_framing(std::string_view beginning, bool whole) {
  const bool enough = whole || beginning.size() >= guess_bytes_max;
  std::string_view text = beginning.substr(0, guess_bytes_max);
  if (text.size() < byte_order_mark.size() && byte_order_mark.starts_with(text))
    return undecided(enough);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return guess_by_front(without_blanks(text), enough);
}

}  // namespace weir
