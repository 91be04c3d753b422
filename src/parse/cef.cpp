#include "parse/cef.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/ascii.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> cef_names{
    "cefVersion",         "deviceVendor", "deviceProduct", "deviceVersion",
    "deviceEventClassId", "name",         "severity"};
constexpr std::array<std::string_view, 5> leef_names{"leefVersion", "deviceVendor", "deviceProduct",
                                                     "deviceVersion", "eventId"};

/// The keys whose values are numbers, by the dictionaries of CEF and LEEF.
constexpr std::array<std::string_view, 29> number_keys{"cfp1",
                                                       "cfp2",
                                                       "cfp3",
                                                       "cfp4",
                                                       "cn1",
                                                       "cn2",
                                                       "cn3",
                                                       "cnt",
                                                       "dlat",
                                                       "dlong",
                                                       "dpid",
                                                       "dpt",
                                                       "dstBytes",
                                                       "dstPort",
                                                       "dvcpid",
                                                       "fsize",
                                                       "in",
                                                       "oldFileSize",
                                                       "out",
                                                       "severity",
                                                       "sev",
                                                       "slat",
                                                       "slong",
                                                       "spid",
                                                       "spt",
                                                       "srcBytes",
                                                       "srcPort",
                                                       "destinationTranslatedPort",
                                                       "sourceTranslatedPort"};

bool is_key_character(char c) noexcept {
  constexpr std::string_view marks = "_.,[]-";
  return is_digit(c) || is_letter(c) || marks.find(c) != marks.npos;
}

/// `text` with its escapes resolved; a backslash in front of any other character is one.
std::string_view plain(std::string_view text, std::string_view escaped, arena& memory) {
  if (text.find('\\') == text.npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '\0' || escaped.find(next) == escaped.npos) {
      out += text[i];
      continue;
    }
    ++i;
    out += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return memory.copy(out);
}

/// The place of the next bar without a backslash in front.
std::size_t find_bar(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '|') {
      return i;
    }
  }
  return text.npos;
}

/// CEF's and LEEF's scale: to 3 low, to 6 medium, to 8 high.
std::string_view level_of_scale(std::string_view severity) noexcept {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words{
      {{"Low", "info"}, {"Medium", "warn"}, {"High", "error"}, {"Very-High", "critical"}}};
  for (const auto& [word, level] : words) {
    if (severity == word) return level;
  }
  int n = -1;
  const char* const end = severity.data() + severity.size();
  if (std::from_chars(severity.data(), end, n).ptr != end || n < 0 || n > 10) return {};
  return n <= 3 ? "info" : n <= 6 ? "warn" : n <= 8 ? "error" : "critical";
}

void add_value(std::string_view key, std::string_view value, field_list& out) {
  const bool number = std::ranges::find(number_keys, key) != number_keys.end();
  out.add(key, value, number && is_json_number(value) ? text_form::json : text_form::plain);
}

void add_severity(std::string_view severity, field_list& out) {
  const std::string_view level = level_of_scale(severity);
  if (!level.empty()) out.add("level", level);
}

/// How long the key is that `text` begins with, its `=` not counted; 0 if it begins with none.
std::size_t key_length(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && is_key_character(text[n])) ++n;
  return n < text.size() && text[n] == '=' && n <= field_list::longest_name ? n : 0;
}

/// Where the value that `text` begins with ends: in front of the blanks before the next key.
std::size_t value_length(std::string_view text) noexcept {
  for (std::size_t blank = text.find(' '); blank != text.npos; blank = text.find(' ', blank + 1)) {
    if (key_length(text.substr(blank + 1)) > 0) return blank;
  }
  return text.size();
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// LEEF 2's delimiter: the character, or its number as `x5E` or `0x5E`. A tab if there is none.
char delimiter_of(std::string_view spelled) noexcept {
  if (spelled.empty()) return '\t';
  if (spelled.size() == 1) return spelled[0];
  unsigned code = '\t';
  const std::string_view digits = spelled.substr(spelled.find('x') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return static_cast<char>(code < 0x80 ? code : '\t');
}

/// The time of the syslog header that `prefix` is, with a priority and a version or without; empty
/// if it is none.
std::string_view time_of_header(std::string_view prefix) noexcept {
  if (take_priority(prefix) && prefix.starts_with("1 ")) prefix.remove_prefix(2);
  return take_syslog_time(prefix);
}

void add_prefix(std::string_view prefix, field_list& out) {
  if (prefix.empty()) return;
  out.add("prefix", prefix);
  const std::string_view time = time_of_header(prefix);
  if (!time.empty()) out.add("syslogTime", time);
}

std::uint32_t place(std::string_view line, std::string_view rest) noexcept {
  return static_cast<std::uint32_t>(line.size() - rest.size());
}

struct event_options {
  bool lenient = false;
  std::string on_invalid = "reject";
};

component event_component(security_event_parser::kind is, std::string name, std::string summary,
                          std::string description, example shown) {
  return declare<event_options>(component::role::stage, std::move(name), std::move(summary))
      .describe(std::move(description))
      .option("lenient", &event_options::lenient,
              "Take text that is no key=value as the field message.")
      .option("on_invalid", &event_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example(shown.title, shown.pipeline)
      .makes([is](const event_options& o, reporter&) -> product {
        return line_parser_stage(
            [is, lenient = o.lenient] {
              return std::make_unique<security_event_parser>(is, lenient);
            },
            o.on_invalid);
      });
}

}  // namespace

verdict security_event_parser::parse(std::string_view line, field_list& out) {
  const std::string_view mark = is_ == kind::cef ? "CEF:" : "LEEF:";
  const std::size_t at = line.find(mark);
  if (at == line.npos) return reject("the line holds no such event");
  add_prefix(without_blanks(line.substr(0, at)), out);
  std::string_view rest = line.substr(at + mark.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return is_ == kind::cef ? parse_cef(line, rest, out) : parse_leef(line, rest, out);
}

verdict security_event_parser::take_header(std::string_view line, std::string_view& rest,
                                           std::span<const std::string_view> names,
                                           field_list& out) const {
  for (const std::string_view name : names) {
    const std::size_t bar = find_bar(rest);
    if (bar == rest.npos) return reject("the header has too few fields", place(line, rest));
    const std::string_view text = rest.substr(0, bar);
    rest.remove_prefix(bar + 1);
    if (text.empty()) continue;
    add_value(name, plain(text, "\\|", out.memory()), out);
    if (name == "severity") add_severity(text, out);
  }
  return keep;
}

verdict security_event_parser::parse_cef(std::string_view line, std::string_view rest,
                                         field_list& out) {
  if (const verdict v = take_header(line, rest, cef_names, out); !v.is_keep()) return v;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  while (!rest.empty()) {
    const std::size_t key = key_length(rest);
    if (key == 0) {
      if (!lenient_) return reject("expected key=value", place(line, rest));
      out.add("message", rest);
      return keep;
    }
    const std::string_view name = rest.substr(0, key);
    rest.remove_prefix(key + 1);
    const std::size_t size = value_length(rest);
    const std::string_view value = without_blanks(rest.substr(0, size));
    add_value(name, plain(value, "\\=|nr", out.memory()), out);
    rest.remove_prefix(size);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  return keep;
}

verdict security_event_parser::parse_leef(std::string_view line, std::string_view rest,
                                          field_list& out) {
  const bool second = rest.starts_with('2');
  if (const verdict v = take_header(line, rest, leef_names, out); !v.is_keep()) return v;
  char delimiter = '\t';
  const std::size_t bar = second ? rest.find('|') : rest.npos;
  if (bar != rest.npos && bar <= 4 && rest.substr(0, bar).find('=') == rest.npos) {
    delimiter = delimiter_of(rest.substr(0, bar));
    rest.remove_prefix(bar + 1);
  }
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(delimiter));
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && equals > 0 && equals <= field_list::longest_name) {
      add_value(pair.substr(0, equals), pair.substr(equals + 1), out);
      if (pair.substr(0, equals) == "sev") add_severity(pair.substr(equals + 1), out);
    } else if (!pair.empty()) {
      if (!lenient_) return reject("expected key=value", place(line, rest));
      out.add("message", pair);
    }
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  }
  return keep;
}

component cef() {
  return event_component(
      security_event_parser::kind::cef, "cef", "Reads security events of CEF (ArcSight).",
      "The header gives cefVersion, deviceVendor, deviceProduct, deviceVersion, "
      "deviceEventClassId, name and severity; the extension's keys are fields as they are "
      "spelled. Escapes are resolved; a value goes up to the next ` key=`. Ports, counters and "
      "other keys that CEF's dictionary calls numbers are numbers. As CEF has a scale of its own, "
      "the field level is added: info up to a severity of 3, warn to 6, error to 8, then "
      "critical. What stands in front, as syslog's header, is the field prefix, and its time "
      "syslogTime: the "
      "record's time, unless the event tells its own (rt).\n\n"
      "Strict by default: a header with too few fields and an extension that is not key=value "
      "reject the line.",
      {"Blocked sources",
       R"(from text "CEF:0|acme|fw|1.0|100|blocked|7|src=192.0.2.7 spt=1232 act=deny" | cef | where level >= error)"});
}

component leef() {
  return event_component(
      security_event_parser::kind::leef, "leef", "Reads security events of LEEF (QRadar).",
      "The header gives leefVersion, deviceVendor, deviceProduct, deviceVersion and eventId; the "
      "attributes are fields as they are spelled, divided by tabs or, from LEEF 2.0 on, by what "
      "the header says. Ports and byte counts are numbers; the field level is added by sev, as "
      "cef does. What stands in front is the field prefix, its time syslogTime, as with cef "
      "(devTime "
      "counts more).\n\n"
      "Strict by default: a header with too few fields and an attribute that is not key=value "
      "reject the line.",
      {"One event",
       R"(from text "LEEF:2.0|acme|fw|1.0|deny|^|src=192.0.2.7^srcPort=1232^sev=7" | leef)"});
}

}  // namespace weir
