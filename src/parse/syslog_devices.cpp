#include "parse/syslog_devices.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.hpp"
#include "base/text_front.hpp"
#include "base/time.hpp"
#include "parse/syslog_text.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

/// In the order of syslog's numbers.
constexpr std::array<std::string_view, 8> short_names{"Em", "Al", "Cr", "Er",
                                                      "Wa", "No", "In", "Db"};

struct severity_topic {
  std::string_view topic;
  std::string_view severity;
};
/// From the worst on.
constexpr std::array<severity_topic, 5> severity_topics{{{"critical", "crit"},
                                                         {"error", "err"},
                                                         {"warning", "warning"},
                                                         {"info", "info"},
                                                         {"debug", "debug"}}};

/// Whether `topic` is one of `topics`, which have commas between them.
bool has_topic(std::string_view topics, std::string_view topic) noexcept {
  while (!topics.empty()) {
    const std::string_view one = topics.substr(0, topics.find(','));
    if (one == topic) return true;
    topics.remove_prefix(std::min(one.size() + 1, topics.size()));
  }
  return false;
}

/// `00:00:46`
bool is_short_uptime(std::string_view text) noexcept {
  const std::size_t hour_end = text.find(':');
  return hour_end != text.npos && text.size() == hour_end + 6 && text[hour_end + 3] == ':' &&
         all_digits(text.substr(0, hour_end)) && all_digits(text.substr(hour_end + 1, 2)) &&
         all_digits(text.substr(hour_end + 4));
}

/// `1w2d`, `2d03h`, `1y14w`
bool is_long_uptime(std::string_view text) noexcept {
  constexpr std::string_view units = "ywdh";
  return text.size() > 1 && is_digit(text[0]) && units.contains(text.back()) &&
         text.find_first_not_of("0123456789ywdh") == text.npos;
}

/// Takes `name:"value"` off the front of `text`, as a member.
bool take_colon_pair(std::string_view& text, std::string& json) {
  const std::size_t colon = text.find(":\"");
  const std::string_view name = text.substr(0, colon);
  if (colon == text.npos || name.empty() || name.find_first_of(" \";[]") != name.npos) return false;
  text.remove_prefix(colon + 2);
  std::string value;
  for (; !text.empty() && text[0] != '"'; text.remove_prefix(1)) {
    constexpr std::string_view escaped = "\"\\]";
    if (text[0] == '\\' && text.size() > 1 && escaped.contains(text[1])) text.remove_prefix(1);
    value += text[0];
  }
  write_json_string(name, json);
  json += ':';
  write_json_string(value, json);
  return take_front(text, "\"");
}

/// Takes `WORD: ` off the front of `text`; empty, with `text` as it was, if there is none.
std::string_view take_word_with_colon(std::string_view& text) noexcept {
  std::string_view left = text;
  std::string_view word = take_word(left);
  if (!word.ends_with(':') || !take_front(left, " ")) return {};
  word.remove_suffix(1);
  text = left;
  return word;
}

}  // namespace

short_severity take_short_severity(std::string_view& text) noexcept {
  unsigned severity = 0;
  while (severity < short_names.size() && !text.starts_with(short_names[severity])) ++severity;
  std::string_view left = text;
  const std::string_view word = take_word(left);
  const std::size_t close = word.find(')');
  if (severity == short_names.size() || word.size() < 3 || word[2] != '(' || close == word.npos)
    return {};
  const std::string_view number = word.substr(3, close - 3);
  const std::string_view behind = word.substr(close + 1);
  if (!all_digits(number) || !(behind.empty() || behind == "+")) return {};
  short_severity found{
      .severity = severity_name(severity), .facility = {}, .continued = !behind.empty()};
  unsigned priority = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), priority);
  if (read.ec == std::errc{} && is_priority(priority) && priority % 8 == severity)
    found.facility = facility_name(priority);
  text = left;
  take_front(text, " ");
  return found;
}

std::string_view take_uptime(std::string_view& text) noexcept {
  std::string_view left = text;
  std::string_view word = take_word_with_colon(left);
  if (all_digits(word)) {
    text = left;
    word = take_word_with_colon(left);
  }
  if (!is_short_uptime(word) && !is_long_uptime(word)) return {};
  text = left;
  return word;
}

bool is_line_of_cisco(std::string_view line) noexcept {
  std::string_view left = line;
  if (!take_device_header(left).time.empty()) return true;
  if (is_digit(left[0]) && left.find(' ') == 4 && !take_syslog_time(left).empty()) {
    take_front(left, " ");
    take_word(left);
    take_front(left, " ");
  } else {
    take_uptime(left);
  }
  return !severity_of_mnemonic(left).empty();
}

message_topics take_topics(std::string_view& text) noexcept {
  std::string_view left = text;
  const std::string_view word = take_word(left);
  const auto in_topic = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; };
  if (!word.contains(',') || left.empty() || !in_topic(word.front()) || !in_topic(word.back()))
    return {};
  if (!std::ranges::all_of(word, [&](char c) { return c == ',' || in_topic(c); })) return {};
  for (const auto& [topic, severity] : severity_topics) {
    if (!has_topic(word, topic)) continue;
    take_front(left, " ");
    text = left;
    return {.topics = word, .severity = severity};
  }
  return {};
}

std::string_view take_date_and_clock(std::string_view& text) noexcept {
  std::string_view left = text;
  const std::size_t date = take_word(left).size();
  if (date != 10 || !take_front(left, " ")) return {};
  const std::size_t clock = take_word(left).size();
  const std::string_view found = text.substr(0, date + 1 + clock);
  if (clock != 8 || !parse_rfc3339(found)) return {};
  text = left;
  return found;
}

bool take_check_point_data(std::string_view& text, std::string& json) {
  std::string_view left = text;
  std::string made = "{";
  if (!take_front(left, "[")) return false;
  while (!take_front(left, "]")) {
    if (made.size() > 1) made += ',';
    if (!take_colon_pair(left, made)) return false;
    const bool more = take_front(left, ";");
    take_front(left, " ");
    if (!more && !left.starts_with(']')) return false;
  }
  text = left;
  json += made + '}';
  return made.size() > 1;
}

}  // namespace weir
