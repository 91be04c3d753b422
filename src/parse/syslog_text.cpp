#include "parse/syslog_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "base/time_zones.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
constexpr std::array<std::string_view, 8> severities{"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};
constexpr std::size_t longest_name = 32;

constexpr bool is_name_char(char c) noexcept {
  return c > ' ' && c < '\x7f' && c != '=' && c != ']' && c != '"';
}

/// Whether a value and JSON write the byte alike, and the value does not end with it.
constexpr bool is_plain_char(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != ']';
}

/// One look-up a byte instead of five comparisons.
using byte_set = std::array<bool, 256>;
constexpr byte_set set_of(bool (*holds)(char)) {
  byte_set all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = holds(static_cast<char>(i));
  return all;
}
constexpr byte_set name_chars = set_of(is_name_char);
constexpr byte_set plain_chars = set_of(is_plain_char);

std::string_view take_all(const byte_set& of, std::string_view& text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && of[static_cast<unsigned char>(text[size])]) ++size;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

std::string_view take_name(std::string_view& text) noexcept {
  const std::string_view before = text;
  const std::string_view name = take_all(name_chars, text);
  if (name.size() <= longest_name) return name;
  text = before;
  return {};
}

/// Of what a name may hold, JSON escapes the backslash.
bool is_plain_name(std::string_view name) noexcept {
  return std::ranges::find(name, '\\') == name.end();
}

/// `"name":` and what opens its value; one look at the memory for all of it.
void write_name(std::string_view name, char opening, std::string& json) {
  if (!is_plain_name(name)) {
    write_json_string(name, json);
    json += ':';
    json += opening;
    return;
  }
  const std::size_t size = json.size();
  json.resize(size + name.size() + 4);
  char* const at = json.data() + size;
  at[0] = '"';
  name.copy(at + 1, name.size());
  at[name.size() + 1] = '"';
  at[name.size() + 2] = ':';
  at[name.size() + 3] = opening;
}

/// The content of the quotes from `content` on, with its three escapes resolved; others stay as
/// they stand.
bool take_escaped_value(std::string_view content, std::string_view& text, std::string& json) {
  std::string value{content};
  for (; !text.empty() && text[0] != '"'; text.remove_prefix(1)) {
    if (text[0] == ']') return false;
    const bool escape =
        text[0] == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\' || text[1] == ']');
    if (escape) text.remove_prefix(1);
    value += text[0];
  }
  json.pop_back();  // the quote, which is part of the string
  write_json_string(value, json);
  return take_char(text, '"');
}

/// ` name="value"` as often as it stands there, as members.
bool take_parameters(std::string_view& text, std::string& json) {
  bool first = true;
  while (take_char(text, ' ')) {
    if (text.starts_with(']')) break;  // a blank too many, as many senders put it
    const std::string_view name = take_name(text);
    if (name.empty() || !take_char(text, '=') || !take_char(text, '"')) return false;
    if (!std::exchange(first, false)) json += ',';
    write_name(name, '"', json);
    const std::string_view content = take_all(plain_chars, text);
    if (take_char(text, '"')) {
      json.append(content).push_back('"');
    } else if (!take_escaped_value(content, text, json)) {
      return false;
    }
  }
  return true;
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

std::string_view take_printable(std::string_view& text) noexcept {
  const auto end = std::ranges::find_if_not(text, [](char c) { return c > ' ' && c < '\x7f'; });
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
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
      !is_priority(priority)) {
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

std::string_view severity_of_mnemonic(std::string_view text) noexcept {
  const std::string_view tag = text.substr(0, text.find(':'));
  if (!tag.starts_with('%') || tag.contains(' ') || tag.size() == text.size()) return {};
  const std::size_t behind = tag.rfind('-');
  if (behind == tag.npos || behind < 3 || tag[behind - 2] != '-') return {};
  const char digit = tag[behind - 1];
  return digit >= '0' && digit <= '7' ? severities[static_cast<std::size_t>(digit - '0')]
                                      : std::string_view{};
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

bool is_tag(std::string_view word) noexcept {
  return word.ends_with(':') || word.ends_with(']');
}

bool is_host(std::string_view word) noexcept {
  return !is_tag(word) && word.find_first_of("=,") == word.npos;
}

bool take_zone_in_front_of_host(std::string_view& text) noexcept {
  std::string_view left = text;
  if (!take_char(left, ' ')) return false;
  const std::string_view zone = take_word(left);
  if (std::ranges::find(named_zones, zone, &named_zone::name) == named_zones.end()) return false;
  std::string_view behind = left;
  if (!take_char(behind, ' ')) return false;
  const std::string_view host = take_word(behind);
  if (host.empty() || !is_host(host)) return false;
  text = left;
  return true;
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
    const bool counts = word.empty() || all_digits(word);
    if (!counts && !std::exchange(found.host, word).empty()) return {};
    is_device = true;
  }
  if (found.time.empty() || !(is_device || left.starts_with(" %"))) return {};
  text = left;
  return found;
}

bool take_structured_data(std::string_view& text, std::string& json) {
  std::string_view id;
  std::vector<std::string_view> earlier;  // without memory for the one element of most lines
  json += '{';
  while (take_char(text, '[')) {
    if (!id.empty()) earlier.push_back(id);
    const std::string_view before = text;
    id = take_name(text);
    if (id.empty() || std::ranges::find(earlier, id) != earlier.end()) {
      text = before;
      return false;
    }
    if (!earlier.empty()) json += ',';
    write_name(id, '{', json);
    if (!take_parameters(text, json) || !take_char(text, ']')) return false;
    json += '}';
  }
  json += '}';
  return !id.empty();
}

}  // namespace weir
