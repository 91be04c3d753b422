#include "parse/recognised_syslog.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "parse/syslog.hpp"
#include "parse/syslog_devices.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

/// Whether a line begins with a priority, with a length in front of it or not, or with a name of a
/// month. Dates in digits are those of many other programs.
bool has_front_of_syslog(std::string_view line) {
  const char first = line[0];
  const bool counted = line.substr(std::min(line.find(' '), line.size())).starts_with(" <");
  return counted || first == '<' || (first >= 'A' && first <= 'Z');
}

/// Whether programs call a level so: a capital, or one of the usual words.
bool is_like_level(std::string_view word) {
  static constexpr std::array<std::string_view, 20> levels{
      "trace",       "trc",    "verbose", "vrb",  "debug",    "dbg", "info",
      "information", "inf",    "notice",  "warn", "warning",  "wrn", "error",
      "err",         "severe", "fatal",   "ftl",  "critical", "crit"};
  if (word.size() == 1) return word[0] >= 'A' && word[0] <= 'Z';
  return std::ranges::find(levels, lower_case(word)) != levels.end();
}

/// Whether a line begins as RFC 5424 has it, whose time may be finer than it allows.
bool has_front_of_5424(std::string_view line) {
  if (!take_priority(line) || !take_char(line, '1') || !take_char(line, ' ')) return false;
  if (!take_date_and_clock(line).empty()) return true;
  const std::string_view time = take_word(line);
  return time.size() > 10 && time[10] == 'T' && parse_rfc3339(time);
}

/// Syslog to the letter; and RFC 5424 as many send it, with nanoseconds or without structured data.
class usual_syslog final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override {
    const verdict v = strict_.parse(line, out);
    if (v.is_keep() || !has_front_of_5424(line)) return v;
    out.undo();
    return lenient_.parse(line, out);
  }

 private:
  syslog_parser strict_{false};
  syslog_parser lenient_{true};
};

/// What stands behind `2026-01-02T09:14:07.123456+01:00 HOST `, as rsyslog writes it today.
/// Nothing where no host can be there.
std::optional<std::string_view> behind_host(std::string_view line) {
  std::string_view rest = line;
  if (take_word(rest).find('T') != 10 || !take_char(rest, ' ')) return std::nullopt;
  const std::string_view host = take_word(rest);
  if (host.empty() || is_like_level(host)) return std::nullopt;
  if (!is_letter(host[0]) && !is_digit(host[0])) return std::nullopt;
  if (!take_char(rest, ' ')) return std::nullopt;
  return rest;
}

/// Whether a line is one of ESXi: `2026-01-02T09:14:07.123Z In(182) vmkernel: `.
bool is_of_esxi(std::string_view line) {
  if (take_word(line).find('T') != 10 || !take_char(line, ' ')) return false;
  return !take_short_severity(line).severity.empty();
}

/// Whether only devices write such lines.
bool is_of_device_alone(std::string_view line) {
  return is_of_esxi(line) || is_line_of_cisco(line);
}

/// Lines that are syslog for sure: where the date is in digits, a host and a tag with a process
/// have to stand behind it, or the kernel's, which has none.
class sure_lines final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override {
    if (!has_front_of_syslog(line) && !is_of_device_alone(line)) {
      auto rest = behind_host(line);
      if (!rest || !is_sure_tag(*rest)) return reject("no time of syslog in front");
    }
    return lines_.parse(line, out);
  }

 private:
  static bool is_sure_tag(std::string_view text) {
    if (!take_topics(text).topics.empty()) return true;
    const std::string_view word = take_word(text);
    return word.ends_with("]:") || word == "kernel:" || is_of_device(word);
  }

  /// A tag of Cisco's devices, or the number of a message.
  static bool is_of_device(std::string_view word) {
    if (!word.ends_with(':')) return false;
    return word.starts_with('%') || all_digits(word.substr(0, word.size() - 1));
  }

  usual_syslog lines_;
};

/// Lines among those: `2026-01-02T09:14:07.123456+01:00 HOST sudo: `, or without a tag.
class lines_beside_sure final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override {
    if (!has_front_of_syslog(line) && !behind_host(line) && !is_of_device_alone(line))
      return reject("no host of syslog");
    return lines_.parse(line, out);
  }

 private:
  usual_syslog lines_;
};

}  // namespace

std::unique_ptr<line_parser> sure_syslog() {
  return std::make_unique<sure_lines>();
}

std::unique_ptr<line_parser> syslog_beside_sure() {
  return std::make_unique<lines_beside_sure>();
}

}  // namespace weir
