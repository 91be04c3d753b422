#include "parse/syslog.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "parse/parsers.hpp"
#include "parse/syslog_devices.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

constexpr std::string_view nil = "-";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::uint32_t place(std::string_view line, std::string_view rest) noexcept {
  return static_cast<std::uint32_t>(line.size() - rest.size());
}

void add(field_list& out, std::string_view name, std::string_view text) {
  if (!text.empty() && text != nil) out.add(name, text);
}

/// Takes the length of RFC 6587 off the front. False if it is there and wrong.
bool take_length(std::string_view& text) noexcept {
  std::size_t length = 0;
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  const auto digits = static_cast<std::size_t>(stop - text.data());
  if (failed != std::errc{} || !text.substr(digits).starts_with(" <")) return true;
  text.remove_prefix(digits + 1);
  return text.size() == length;
}

/// The version of RFC 5424, with the blank behind it; empty if there is none.
std::string_view take_version(std::string_view& text) noexcept {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > 3 || text[0] == '0') return {};
  if (digits < text.size() && text[digits] != ' ') return {};
  const std::string_view version = text.substr(0, digits);
  text.remove_prefix(digits);
  return version;
}

struct header_field {
  std::string_view name;
  std::string_view fault;
  std::size_t longest;
};
constexpr std::array<header_field, 4> header{{{"host", "malformed host", 255},
                                              {"app", "malformed app-name", 48},
                                              {"procid", "malformed procid", 128},
                                              {"msgid", "malformed msgid", 32}}};

/// `su[123]: ` in front of a message, or `su: `; the colon may be missing behind a process.
void take_tag(std::string_view& text, field_list& out) {
  const std::size_t end = std::min(text.find_first_of(" :["), text.size());
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
  add(out, "app", tag);
  add(out, "procid", process);
  text = rest;
}

/// The tag, if there is one, and the message behind it. Without a priority the severity is the one
/// that the tags of Cisco's devices hold.
void add_message(std::string_view text, bool has_severity, field_list& out) {
  take_char(text, ' ');
  if (!has_severity && text.starts_with('%')) add(out, "severity", severity_of_mnemonic(text));
  take_tag(text, out);
  take_char(text, ' ');
  if (!text.empty()) out.add("message", text);
}

/// Takes ESXi's `Er(163) `; true if it was there. A priority says the same.
bool take_severity(std::string_view& text, bool has_severity, field_list& out) {
  const short_severity found = take_short_severity(text);
  if (found.severity.empty()) return false;
  if (!has_severity) {
    add(out, "facility", found.facility);
    add(out, "severity", found.severity);
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
  add(out, "host", header.host);
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

/// The host, if there is one, and what may stand between it and the tag.
void take_host(std::string_view& text, bool has_severity, field_list& out) {
  std::string_view rest = text;
  const std::string_view host = take_word(rest);
  if (!is_host(host)) return;
  add(out, "host", host);
  text = rest;
  if (text.starts_with(" : ")) text.remove_prefix(2);  // as Cisco's firewalls write it
  take_relayed_header(text, out);
  std::string_view behind = text;
  if (take_char(behind, ' ') && take_severity(behind, has_severity, out)) text = behind;
}

struct syslog_options {
  bool octet_counting = false;
  bool lenient = false;
  std::string on_invalid = "reject";
};

}  // namespace

verdict syslog_parser::parse(std::string_view line, field_list& out) {
  std::string_view text = line;
  if (!take_length(text) && !lenient_) return reject("the length in front is wrong");
  const std::size_t priority_at = place(line, text);
  const auto priority = take_priority(text);
  if (priority) {
    out.add("facility", facility_name(*priority));
    out.add("severity", severity_name(*priority));
  } else if (text.starts_with('<') && !lenient_) {
    return reject("malformed priority", static_cast<std::uint32_t>(priority_at));
  }
  const std::string_view version = priority ? take_version(text) : std::string_view{};
  if (version.empty()) return parse_3164(line, text, priority.has_value(), out);
  out.add("version", version, text_form::json);
  return parse_5424(line, text, out);
}

/// `2003-08-24T05:14:15.000003-07:00` and nothing else. Many lines are of the same second.
bool syslog_parser::is_5424_time(std::string_view text) {
  constexpr std::size_t fraction_at = 19;
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
  std::size_t at = fraction_at;
  if (text[at] == '.') {
    const std::size_t first = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == first || at - first > 6) return false;
  }
  const std::string_view second = text.substr(0, fraction_at);
  const std::string_view zone = text.substr(at);
  if (second == known_second_ && zone == known_zone_) return true;
  const bool offset = zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':';
  if ((zone != "Z" && !offset) || !parse_rfc3339(text)) return false;
  known_second_ = second;
  known_zone_ = zone;
  return true;
}

verdict syslog_parser::parse_5424(std::string_view line, std::string_view text, field_list& out) {
  const auto fault = [&](std::string_view why, std::string_view at) {
    return reject(why, place(line, at));
  };
  if (!take_char(text, ' ') && !lenient_) return fault("expected the time", text);
  std::string_view at = text;
  const std::string_view time = take_word(text);
  if (!lenient_ && time != nil && !is_5424_time(time)) return fault("malformed time", at);
  add(out, "time", time);
  for (const header_field& h : header) {
    if (!take_char(text, ' ') && !lenient_) return fault(h.fault, text);
    at = text;
    const std::string_view word = lenient_ ? take_word(text) : take_printable(text);
    const bool ends = text.empty() || text[0] == ' ';
    const bool good = !word.empty() && word.size() <= h.longest && ends;
    if (!lenient_ && !good) return fault(h.fault, at);
    add(out, h.name, word);
  }
  if (const verdict v = parse_data(line, text, out); !v.is_keep()) return v;
  take_char(text, ' ');
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!text.empty()) out.add("message", text);
  return keep;
}

verdict syslog_parser::parse_data(std::string_view line, std::string_view& text, field_list& out) {
  const std::string_view before = text;
  const bool blank_in_front = take_char(text, ' ');
  if (text == nil || text.starts_with("- ")) {
    text.remove_prefix(1);
    return keep;
  }
  json_.clear();
  if (blank_in_front && take_structured_data(text, json_) &&
      (text.empty() || text.starts_with(' '))) {
    out.add("structured_data", out.memory().copy(json_), text_form::json);
    return keep;
  }
  if (!lenient_) return reject("malformed structured data", place(line, text));
  text = before;
  return keep;
}

verdict syslog_parser::parse_3164(std::string_view line, std::string_view text, bool has_priority,
                                  field_list& out) const {
  if (has_priority && take_char(text, ':')) take_char(text, ' ');  // Cisco's EMBLEM
  const std::string_view whole = text;
  std::string_view time = take_syslog_time(text);
  const bool usual = !time.empty() && (text.empty() || text.starts_with(' '));
  if (!usual || may_end_in_zone(text)) {
    if (parse_device(whole, has_priority, out)) return keep;
  }
  if (!usual) {
    if (has_priority && !severity_of_mnemonic(text).empty()) {
      add_message(text, true, out);  // of a firewall that was not told to write the time
      return keep;
    }
    if (!lenient_) return reject("expected a time", place(line, text));
    out.add("message", text);
    return keep;
  }
  if (take_zone_in_front_of_host(text)) time = whole.substr(0, whole.size() - text.size());
  out.add("time", time);
  take_char(text, ' ');
  if (!take_severity(text, has_priority, out)) take_host(text, has_priority, out);
  add_message(text, has_priority, out);
  return keep;
}

component syslog() {
  return declare<syslog_options>(component::role::stage, "syslog",
                                 "Reads syslog lines (RFC 3164 and RFC 5424).")
      .describe(
          "Each line by itself: RFC 5424 where a version stands behind the priority, else what "
          "RFC 3164 describes, as files and devices write it. The fields are facility and severity "
          "(by name), version, time, host, app, procid, msgid, structured_data (an object for each "
          "element) and message; what is `-` is missing. A time without a year is meant to be near "
          "the time when the file was last changed. A length in front of the line (RFC 6587) has "
          "to be right.\n\n"
          "With octet_counting=true a record is a message of RFC 6587's octet counting, `LEN "
          "MESSAGE`, whatever bytes it holds and whether a line break follows or not, or a line "
          "that begins with `<`. Where neither begins, or another byte than those stands behind a "
          "counted message, what is there is rejected up to where the next message seems to begin; "
          "a message is read when the byte behind it is there, or the end. The stage then stands "
          "right behind the source, whose `max_line` is the longest message with its "
          "length.\n\n"
          "Strict by default: RFC 5424 to the letter; of RFC 3164 the priority and the host may be "
          "missing, and the time may have a year or be an RFC 3339 time; Cisco's devices may count "
          "their messages in front of it (`4521: HOST: *Mar  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: "
          "`), "
          "which is no field. Behind a relay's time and host the device's own time is the field "
          "device_time. A firewall may put a colon behind the priority (EMBLEM) or leave out the "
          "time, and the name of a zone that is known may stand between time and host. Without a "
          "priority the severity is the one in such a tag, or the one that ESXi writes behind the "
          "time or the host, `Er(163)` (`Er(163)+` on further lines of a message, which are "
          "continued). A pair or a list is no host. With "
          "lenient=true a line is never rejected: what does not fit is the "
          "message. `auto` takes RFC 5424 so where the time is one, for the many that send "
          "nanoseconds or no structured data.")
      .option("lenient", &syslog_options::lenient, "Take every line.")
      .option("octet_counting", &syslog_options::octet_counting,
              "Records are messages with their length in front, not lines.")
      .option("on_invalid", &syslog_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Who failed to log in",
               "from auth.log | syslog | where app = \"sshd\" and message like \"Failed%\"")
      .example(
          "What was sent over TCP",
          "from text '17 <34>1 - - - - - -21 <35>1 - - - - - - two' | syslog octet_counting=true")
      .makes([](const syslog_options& o, reporter&) -> product {
        stage made = line_parser_stage(
            [lenient = o.lenient] { return std::make_unique<syslog_parser>(lenient); },
            o.on_invalid);
        if (o.octet_counting) made.cut_by = framing{.how = framing::by::octets};
        return made;
      });
}

}  // namespace weir
