#include "parse/syslog_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
constexpr std::array<std::string_view, 8> severities{"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};
constexpr unsigned highest_priority = 191;
constexpr std::size_t longest_name = 32;

bool is_name_char(char c) noexcept {
  return c > ' ' && c < '\x7f' && c != '=' && c != ']' && c != '"';
}

std::string_view take_name(std::string_view& text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_name_char(text[size])) ++size;
  if (size > longest_name) size = 0;
  const std::string_view name = text.substr(0, size);
  text.remove_prefix(size);
  return name;
}

/// The content of the quotes, with its three escapes resolved; others stay as they stand.
bool take_value(std::string_view& text, std::string& value) {
  if (!take_char(text, '"')) return false;
  for (; !text.empty() && text[0] != '"'; text.remove_prefix(1)) {
    if (text[0] == ']') return false;
    const bool escape =
        text[0] == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\' || text[1] == ']');
    if (escape) text.remove_prefix(1);
    value += text[0];
  }
  return take_char(text, '"');
}

/// ` name="value"` as often as it stands there, as members.
bool take_parameters(std::string_view& text, std::string& json) {
  bool first = true;
  while (take_char(text, ' ')) {
    if (text.starts_with(']')) break;  // a blank too many, as many senders put it
    const std::string_view name = take_name(text);
    std::string value;
    if (name.empty() || !take_char(text, '=') || !take_value(text, value)) return false;
    if (!std::exchange(first, false)) json += ',';
    write_json_string(name, json);
    json += ':';
    write_json_string(value, json);
  }
  return true;
}

bool is_count(std::string_view text) noexcept {
  return std::ranges::all_of(text, is_digit);
}

/// `Mar  1 18:46:11.123 UTC` in front of a colon; empty, with `text` as it was, if there is none.
std::string_view take_device_time(std::string_view& text) noexcept {
  std::string_view left = text;
  if (take_syslog_time(left).empty()) return {};
  if (left.starts_with(' ')) left.remove_prefix(std::min(left.find(':'), left.size()));
  const std::string_view time = text.substr(0, text.size() - left.size());
  if (!take_char(left, ':') || !parse_syslog_time(time, 0)) return {};
  text = left;
  return time;
}

}  // namespace

bool take_char(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::string_view take_word(std::string_view& text) noexcept {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::optional<unsigned> take_priority(std::string_view& text) noexcept {
  const std::size_t end = text.substr(0, 5).find('>');
  if (!text.starts_with('<') || end == text.npos || end < 2) return std::nullopt;
  unsigned priority = 0;
  const auto [stop, failed] = std::from_chars(text.data() + 1, text.data() + end, priority);
  const bool leading_zero = text[1] == '0' && end > 2;
  if (failed != std::errc{} || stop != text.data() + end || leading_zero ||
      priority > highest_priority) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return priority;
}

std::string_view facility_name(unsigned priority) noexcept {
  return facilities[priority / 8];
}

std::string_view severity_name(unsigned priority) noexcept {
  return severities[priority % 8];
}

std::string_view take_syslog_time(std::string_view& text) noexcept {
  const std::size_t size = syslog_time_length(text);
  if (size > 0) {
    const std::string_view time = text.substr(0, size);
    text.remove_prefix(size);
    return time;
  }
  std::string_view left = text;
  const std::string_view word = take_word(left);
  if (word.size() < 19 || word[4] != '-' || !parse_rfc3339(word)) return {};
  text = left;
  return word;
}

device_header take_device_header(std::string_view& text) noexcept {
  device_header found;
  std::string_view left = text;
  bool is_device = false;
  for (int pieces = 0; pieces < 4; ++pieces) {
    is_device = take_char(left, '*') || take_char(left, '.') || is_device;
    found.time = take_device_time(left);
    if (!found.time.empty()) break;
    std::string_view word = take_word(left);
    if (!word.ends_with(':') || !take_char(left, ' ')) return {};
    word.remove_suffix(1);
    if (!is_count(word) && !std::exchange(found.host, word).empty()) return {};
    is_device = true;
  }
  if (found.time.empty() || !(is_device || left.starts_with(" %"))) return {};
  text = left;
  return found;
}

bool take_structured_data(std::string_view& text, std::string& json) {
  std::vector<std::string_view> known;
  json += '{';
  while (take_char(text, '[')) {
    const std::string_view before = text;
    const std::string_view id = take_name(text);
    if (id.empty() || std::ranges::find(known, id) != known.end()) {
      text = before;
      return false;
    }
    if (!known.empty()) json += ',';
    known.push_back(id);
    write_json_string(id, json);
    json += ":{";
    if (!take_parameters(text, json) || !take_char(text, ']')) return false;
    json += '}';
  }
  json += '}';
  return !known.empty();
}

}  // namespace weir
