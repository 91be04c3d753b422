#include "parse/syslog.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "parse/parsers.hpp"
#include "parse/syslog_3164.hpp"
#include "parse/syslog_devices.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

constexpr std::string_view nil = "-";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::uint32_t place(std::string_view line, std::string_view rest) noexcept {
  return static_cast<std::uint32_t>(line.size() - rest.size());
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
  if (version.empty()) return parse_syslog_3164(line, text, priority.has_value(), lenient_, out);
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
  std::string_view time = lenient_ ? take_date_and_clock(text) : std::string_view{};
  if (time.empty()) time = take_word(text);
  if (!lenient_ && time != nil && !is_5424_time(time)) return fault("malformed time", at);
  add_unless_nil(out, "time", time);
  for (const header_field& h : header) {
    if (!take_char(text, ' ') && !lenient_) return fault(h.fault, text);
    at = text;
    const std::string_view word = lenient_ ? take_word(text) : take_printable(text);
    const bool ends = text.empty() || text[0] == ' ';
    const bool good = !word.empty() && word.size() <= h.longest && ends;
    if (!lenient_ && !good) return fault(h.fault, at);
    add_unless_nil(out, h.name, word);
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
  std::string_view pairs = text;
  if (lenient_ && take_check_point_data(pairs, json_)) {
    out.add("structured_data", out.memory().copy(json_), text_form::json);
    text = pairs;
    return keep;
  }
  if (blank_in_front && take_structured_data(text, json_) &&
      (text.empty() || text.starts_with(' '))) {
    out.add("structured_data", out.memory().copy(json_), text_form::json);
    return keep;
  }
  if (!lenient_) return reject("malformed structured data", place(line, text));
  text = before;
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
          "which is no field; one without a clock writes how long it has run, the field uptime. "
          "Behind a relay's time and host the device's own time is the field "
          "device_time. A firewall may put a colon behind the priority (EMBLEM) or leave out the "
          "time, and the name of a zone that is known may stand between time and host. Without a "
          "priority the severity is the one in such a tag, or the one that ESXi writes behind the "
          "time or the host, `Er(163)` (`Er(163)+` on further lines of a message, which are "
          "continued), or the one of Junos' `%DAEMON-4-TAG`. A pair or a list is no host. "
          "MikroTik's topics in place of a tag "
          "(`firewall,info`) are the field topics, and one of them the severity. With "
          "lenient=true a line is never rejected: what does not fit is the "
          "message, and Check Point's `[action:\"Accept\"; ...]` is structured data. `auto` takes "
          "RFC 5424 so where the time is one, for the many that send "
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
