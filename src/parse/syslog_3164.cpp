#include "parse/syslog_3164.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "parse/syslog_devices.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

constexpr std::size_t longest_tag_of_words = 48;

bool is_of_words(std::string_view name) noexcept {
  const auto may_hold = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view{" .-_()"}.contains(c);
  };
  return !name.empty() && name.back() != ' ' && std::ranges::all_of(name, may_hold);
}

/// `Microsoft Word[14463]: `: only the process and the colon tell such a name from a sentence.
bool take_tag_of_words(std::string_view& text, field_list& out) {
  const std::string_view front = text.substr(0, longest_tag_of_words);
  const std::size_t open = std::min(front.find('['), front.size());
  const std::string_view name = front.substr(0, open);
  const std::size_t close = front.find("]: ", open);
  if (close == front.npos || !is_of_words(name)) return false;
  const std::string_view process = front.substr(open + 1, close - open - 1);
  if (!all_digits(process)) return false;
  out.add("app", name);
  out.add("procid", process);
  text.remove_prefix(close + 2);
  return true;
}

/// `su[123]: ` in front of a message, or `su: `; the colon may be missing behind a process.
void take_tag(std::string_view& text, field_list& out) {
  const std::size_t end = std::min(text.find_first_of(" :["), text.size());
  if (text.substr(end).starts_with(' ') && take_tag_of_words(text, out)) return;
  const std::string_view tag = text.substr(0, end);
  std::string_view rest = text.substr(end);
  std::string_view process;
  if (take_char(rest, '[')) {
    const std::size_t close = rest.find_first_of(" ]");
    if (close == rest.npos || rest[close] != ']') return;
    process = rest.substr(0, close);
    rest.remove_prefix(close + 1);
    take_char(rest, ':');
  } else if (!take_char(rest, ':')) {
    return;
  }
  if (tag.empty() || (!rest.empty() && rest[0] != ' ')) return;
  add_unless_nil(out, "app", tag);
  add_unless_nil(out, "procid", process);
  text = rest;
}

/// True if there is one in front.
bool add_severity_of_mnemonic(std::string_view text, field_list& out) {
  const std::string_view severity = severity_of_mnemonic(text);
  add_unless_nil(out, "severity", severity);
  return !severity.empty();
}

/// The tag, if there is one, and the message behind it. Without a priority the severity is the one
/// of a mnemonic, which is the tag of Cisco's devices and stands behind that of Juniper's, or of
/// MikroTik's topics, which stand in the tag's place.
void add_message(std::string_view text, bool has_severity, field_list& out) {
  take_char(text, ' ');
  if (const message_topics found = take_topics(text); !found.topics.empty()) {
    if (!has_severity) out.add("severity", found.severity);
    out.add("topics", found.topics);
    if (!text.empty()) out.add("message", text);
    return;
  }
  has_severity = has_severity || add_severity_of_mnemonic(text, out);
  take_tag(text, out);
  take_char(text, ' ');
  if (!has_severity) add_severity_of_mnemonic(text, out);
  if (!text.empty()) out.add("message", text);
}

/// Takes ESXi's `Er(163) `; true if it was there. A priority says the same.
bool take_severity(std::string_view& text, bool has_severity, field_list& out) {
  const short_severity found = take_short_severity(text);
  if (found.severity.empty()) return false;
  if (!has_severity) {
    add_unless_nil(out, "facility", found.facility);
    add_unless_nil(out, "severity", found.severity);
  }
  if (found.continued) out.add("continued", "true", text_form::json);
  return true;
}

/// Whether ` UTC: %` may follow the time, as Cisco's devices write it.
bool may_end_in_zone(std::string_view text) noexcept {
  return text.substr(0, 8).contains(": %");
}

/// False, with nothing added, if this is no line of Cisco's devices.
bool parse_device(std::string_view text, bool has_severity, field_list& out) {
  const device_header header = take_device_header(text);
  if (header.time.empty()) return false;
  out.add("time", header.time);
  add_unless_nil(out, "host", header.host);
  add_message(text, has_severity, out);
  return true;
}

/// The same for one that was not told to write the time, or does not know it.
bool parse_device_without_time(std::string_view text, bool has_severity, field_list& out) {
  const std::string_view uptime = take_uptime(text);
  std::string_view behind = text;
  const bool has_topics = has_severity && !take_topics(behind).topics.empty();
  if (!has_topics && severity_of_mnemonic(text).empty()) return false;
  add_unless_nil(out, "uptime", uptime);
  add_message(text, has_severity, out);
  return true;
}

/// A relay puts its own time and the host in front of what a device wrote, whose clock may not be
/// set: `4521: *Mar  1 00:00:00.123: `.
void take_relayed_header(std::string_view& text, field_list& out) {
  std::string_view left = text;
  take_char(left, ' ');
  const char first = left.empty() ? ' ' : left[0];
  if (!is_digit(first) && first != '*' && first != '.') return;
  const device_header header = take_device_header(left);
  if (header.time.empty()) return;
  out.add("device_time", header.time);
  text = left;
}

/// Junos puts a second blank in front of the host or the tag.
void take_second_blank(std::string_view& text) noexcept {
  std::string_view left = text;
  if (!take_char(left, ' ') || !take_char(left, ' ') || left.starts_with(' ')) return;
  text.remove_prefix(1);
}

/// The host, if there is one, and what may stand between it and the tag.
void take_host(std::string_view& text, bool has_severity, field_list& out) {
  std::string_view rest = text;
  const std::string_view host = take_word(rest);
  if (!is_host(host)) return;
  add_unless_nil(out, "host", host);
  text = rest;
  if (text.starts_with(" : ")) text.remove_prefix(2);  // as Cisco's firewalls write it
  take_second_blank(text);
  take_relayed_header(text, out);
  std::string_view behind = text;
  if (take_char(behind, ' ') && take_severity(behind, has_severity, out)) text = behind;
}

}  // namespace

void add_unless_nil(field_list& out, std::string_view name, std::string_view text) {
  if (!text.empty() && text != "-") out.add(name, text);
}

verdict parse_syslog_3164(std::string_view line, std::string_view text, bool has_priority,
                          bool lenient, field_list& out) {
  if (has_priority && take_char(text, ':')) take_char(text, ' ');  // Cisco's EMBLEM
  const std::string_view whole = text;
  std::string_view time = take_syslog_time(text);
  const bool usual = !time.empty() && (text.empty() || text.starts_with(' '));
  if (!usual || may_end_in_zone(text)) {
    if (parse_device(whole, has_priority, out)) return keep;
  }
  if (!usual) {
    if (parse_device_without_time(whole, has_priority, out)) return keep;
    if (!lenient)
      return reject("expected a time", static_cast<std::uint32_t>(line.size() - text.size()));
    out.add("message", text);
    return keep;
  }
  if (take_zone_in_front_of_host(text)) time = whole.substr(0, whole.size() - text.size());
  out.add("time", time);
  take_second_blank(text);
  take_char(text, ' ');
  if (!take_severity(text, has_priority, out)) take_host(text, has_priority, out);
  add_message(text, has_priority, out);
  return keep;
}

}  // namespace weir
