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

/// `[` of records that are objects; some log lines begin with a bracket, too.
guess guess_array(std::string_view text, bool whole) {
  take(text, '[');
  if (text.empty()) return undecided(whole);
  if (!take(text, '{')) return lines();
  if (text.empty()) return undecided(whole);
  return text[0] == '"' ? documents("json") : lines();
}

/// By how the first object lies in its line.
guess guess_objects(std::string_view text, bool whole) {
  const std::size_t line_end = text.find('\n');
  const std::string_view line = text.substr(0, line_end == text.npos ? line_end : line_end + 1);
  json_scanner scanner(known_framings().front().how);
  scanner.next(line);
  const auto object = scanner.next(line);
  if (object.what == event::doubts) return lines();
  if (object.what == event::none)
    return line_end != text.npos ? documents("json") : undecided(whole);
  const std::string_view behind = without_blanks(line.substr(object.used));
  if (!behind.empty()) return behind[0] == '{' || behind[0] == ',' ? documents("json") : lines();
  return line_end != text.npos ? lines() : undecided(whole);
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
    case '\x1e':
      return documents("json");
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
