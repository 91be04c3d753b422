#include "expr/severity.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/blank.hpp"
#include "base/colours.hpp"
#include "expr/inner_level.hpp"
#include "expr/lexer.hpp"
#include "record/json_find.hpp"
#include "record/json_grammar.hpp"
#include "record/seen_names.hpp"

namespace weir::expr {
namespace {

struct alias {
  std::string_view word;
  severity means;
};
constexpr std::array<alias, 72> aliases{{
    {"trace", severity::trace},
    {"debug", severity::debug},
    {"info", severity::info},
    {"notice", severity::notice},
    {"warn", severity::warn},
    {"error", severity::error},
    {"critical", severity::critical},
    {"alert", severity::alert},
    {"emergency", severity::emergency},
    {"warning", severity::warn},
    {"err", severity::error},
    {"fatal", severity::critical},
    {"crit", severity::critical},
    {"information", severity::info},
    {"informational", severity::info},
    {"emerg", severity::emergency},
    {"panic", severity::emergency},
    {"severe", severity::error},
    {"verbose", severity::trace},
    {"fine", severity::debug},
    {"finer", severity::trace},
    {"finest", severity::trace},
    {"dbg", severity::debug},
    {"inf", severity::info},
    {"wrn", severity::warn},
    {"ftl", severity::critical},
    {"trc", severity::trace},
    {"log", severity::info},
    {"note", severity::notice},
    {"failure", severity::error},
    {"t", severity::trace},
    {"v", severity::trace},
    {"d", severity::debug},
    {"i", severity::info},
    {"n", severity::notice},
    {"w", severity::warn},
    {"e", severity::error},
    {"f", severity::critical},
    {"c", severity::critical},
    {"default", severity::info},
    {"system", severity::info},
    {"debug1", severity::debug},
    {"debug2", severity::debug},
    {"debug3", severity::debug},
    {"debug4", severity::debug},
    {"debug5", severity::debug},
    {"dpanic", severity::critical},
    {"config", severity::debug},
    {"notification", severity::notice},
    {"silly", severity::trace},
    {"vrb", severity::trace},
    {"trce", severity::trace},
    {"dbug", severity::debug},
    {"fail", severity::error},
    {"fatal error", severity::critical},  // PHP's five
    {"parse error", severity::critical},
    {"recoverable fatal error", severity::error},
    {"strict standards", severity::notice},
    {"deprecated", severity::notice},
    {"eror", severity::error},  // log15
    {"trac", severity::trace},  // the first four letters, as logrus shows them on a terminal
    {"debu", severity::debug},
    {"erro", severity::error},
    {"fata", severity::critical},
    {"pani", severity::emergency},
    {"fault", severity::critical},  // macOS
    {"http", severity::debug},      // npm's, between info and verbose
    {"success", severity::info},    // loguru
    {"d1", severity::debug},        // MongoDB
    {"d2", severity::debug},
    {"d3", severity::debug},
    {"d4", severity::debug},
}};
constexpr std::size_t level_count = 9;

/// How the numbers of a field are meant.
enum class scale : std::uint8_t { usual, python, opentelemetry, suricata, azure };

std::optional<severity> of_syslog(std::int64_t n) noexcept {
  constexpr std::array<severity, 8> by_number{
      severity::emergency, severity::alert,  severity::critical, severity::error,
      severity::warn,      severity::notice, severity::info,     severity::debug};
  if (n < 0 || n > 7) return std::nullopt;
  return by_number[static_cast<std::size_t>(n)];
}

/// Steps of ten from `ten` on, as pino, bunyan and Python's logging have them.
std::optional<severity> of_tens(std::int64_t n, std::span<const severity> from_ten) noexcept {
  if (n < 10 || n > static_cast<std::int64_t>(from_ten.size()) * 10) return std::nullopt;
  return from_ten[static_cast<std::size_t>(n / 10 - 1)];
}

std::optional<severity> of_usual(std::int64_t n) noexcept {
  constexpr std::array<severity, 6> pino{severity::trace, severity::debug, severity::info,
                                         severity::warn,  severity::error, severity::critical};
  return n < 10 ? of_syslog(n) : of_tens(n, pino);
}

std::optional<severity> of_python(std::int64_t n) noexcept {
  constexpr std::array<severity, 5> python{severity::debug, severity::info, severity::warn,
                                           severity::error, severity::critical};
  return of_tens(n, python);
}

std::optional<severity> of_opentelemetry(std::int64_t n) noexcept {
  constexpr std::array<severity, 6> by_four{severity::trace, severity::debug, severity::info,
                                            severity::warn,  severity::error, severity::critical};
  if (n < 1 || n > 24) return std::nullopt;
  return by_four[static_cast<std::size_t>((n - 1) / 4)];
}

/// The priority of an alert: 1 is high, 2 medium, from 3 on it is low.
std::optional<severity> of_suricata(std::int64_t n) noexcept {
  if (n < 1 || n > 255) return std::nullopt;
  if (n == 1) return severity::error;
  return n == 2 ? severity::warn : severity::info;
}

/// Application Insights: from verbose, 0, to critical.
std::optional<severity> of_azure(std::int64_t n) noexcept {
  constexpr std::array<severity, 5> by_number{severity::trace, severity::info, severity::warn,
                                              severity::error, severity::critical};
  if (n < 0 || n > 4) return std::nullopt;
  return by_number[static_cast<std::size_t>(n)];
}

std::optional<severity> of_number(std::int64_t n, scale s) noexcept {
  switch (s) {
    case scale::usual:
      return of_usual(n);
    case scale::python:
      return of_python(n);
    case scale::opentelemetry:
      return of_opentelemetry(n);
    case scale::suricata:
      return of_suricata(n);
    case scale::azure:
      return of_azure(n);
  }
  return std::nullopt;
}

/// The content of a text without its escapes, colours, blanks and brackets:
/// `\u001b[31merror\u001b[39m`.
std::string bare_word(const value& v) {
  std::string out;
  if (v.escaped) {
    unescape(v.text, out);
  } else {
    out = v.text;
  }
  out = without_colours(out);
  constexpr std::string_view around = " []<>()";
  const std::size_t begin = out.find_first_not_of(around);
  if (begin == out.npos) return {};
  return out.substr(begin, out.find_last_not_of(around) + 1 - begin);
}

bool is_bare(const value& v) noexcept {
  return !v.escaped && v.text.find_first_of("\x1b []<>()") == v.text.npos;
}

/// A number in a text, as some loggers write it: `"level":"30"`.
std::optional<severity> of_text(std::string_view text, scale s) noexcept {
  if (text.empty() || text[0] < '0' || text[0] > '9')
    return parse_severity(text.substr(0, text.find_first_of("+-")));  // Go's `INFO+2`
  const value number = read_json(text);
  return number.type == kind::integer ? of_number(number.integer, s) : std::nullopt;
}

std::optional<severity> of_string(const value& v, scale s) {
  const auto found = of_text(v.text, s);
  return found || is_bare(v) ? found : of_text(bare_word(v), s);
}

struct level_field {
  field_path path;
  scale numbers = scale::usual;
  field_path beside = {};  ///< counts only where this field is, as its name alone says little
};

const std::vector<level_field>& level_fields() {
  static const std::vector<level_field> fields = [] {
    std::vector<level_field> out;
    for (const char* path : {"level",
                             "severity",
                             "lvl",
                             "loglevel",
                             "log_level",
                             "logLevel",
                             "Level",
                             "LEVEL",
                             "log.level",
                             "`log.level`",
                             "levelname",
                             "severity_text",
                             "severityText",
                             "`@l`",
                             "`@level`",
                             "LogLevel",
                             "level_name",
                             "levelName",
                             "error_severity",
                             "Severity",
                             "LevelDisplayName",
                             "priority",
                             "PRIORITY",
                             "SeverityText",
                             "SEVERITY",
                             "LVL",
                             "LevelName",
                             "level.name",
                             "severity_label",
                             "syslog_severity"}) {
      out.push_back({parse_path(path)});
    }
    out.push_back({parse_path("levelno"), scale::python});
    out.push_back({parse_path("severity_number"), scale::opentelemetry});
    out.push_back({parse_path("severityNumber"), scale::opentelemetry});
    out.push_back({parse_path("SeverityNumber"), scale::opentelemetry});
    out.push_back({parse_path("severityLevel"), scale::azure});
    out.push_back({parse_path("SeverityLevel"), scale::azure});
    out.push_back({parse_path("alert.severity"), scale::suricata});
    out.push_back({parse_path("event.alert.severity"), scale::suricata});
    out.push_back({parse_path("s"), scale::usual, parse_path("t.`$date`")});  // MongoDB
    out.push_back({parse_path("L"), scale::usual, parse_path("T")});  // zap, while one develops
    return out;
  }();
  return fields;
}

bool has(const record& r, const field_path& path) {
  return r.get(path).type != kind::missing;
}

/// Serilog's compact format leaves `@l` out where it is Information.
std::optional<severity> implied_level(const record& r, const seen_names& seen) {
  if (!seen.may_have("@t")) return std::nullopt;
  static const std::array marks{parse_path("`@t`"), parse_path("`@mt`"), parse_path("`@m`"),
                                parse_path("`@l`")};
  const bool compact = has(r, marks[0]) && (has(r, marks[1]) || has(r, marks[2]));
  return compact && !has(r, marks[3]) ? std::optional{severity::info} : std::nullopt;
}

/// `get` gives the value at a path.
template <class Get>
std::optional<severity> level_at(const level_field& f, const Get& get) {
  const value v = get(f.path);
  std::optional<severity> found;
  if (v.type == kind::string) found = of_string(v, f.numbers);
  if (v.type == kind::integer) found = of_number(v.integer, f.numbers);
  if (found && !f.beside.segments.empty() && get(f.beside).type == kind::missing)
    return std::nullopt;
  return found;
}

/// Of what a program wrote.
std::optional<severity> of_line(std::string_view line) {
  if (!line.starts_with('{')) {
    const std::string_view word = level_word_of(line);
    return word.empty() ? std::nullopt : of_text(word, scale::usual);
  }
  if (!check_json_object(line).ok()) return std::nullopt;
  const auto get = [line](const field_path& path) {
    const std::string_view found = find_json(line, path.segments);
    return found.empty() ? value{} : read_json(found);
  };
  for (const level_field& f : level_fields()) {
    if (const auto found = level_at(f, get)) return found;
  }
  return std::nullopt;
}

}  // namespace

bool is_level_field(std::string_view name) {
  return std::ranges::any_of(level_fields(), [name](const level_field& f) {
    return f.beside.segments.empty() && f.path.segments.size() == 1 &&
           f.path.segments[0].name == name;
  });
}

std::string_view name_of(severity s) noexcept {
  return aliases[static_cast<std::size_t>(s)].word;
}

std::optional<severity> parse_severity(std::string_view word) noexcept {
  for (const alias& a : aliases) {
    if (same_word(a.word, word)) return a.means;
  }
  return std::nullopt;
}

std::span<const std::string> severity_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < level_count; ++i) out.emplace_back(aliases[i].word);
    return out;
  }();
  return names;
}

std::optional<severity> level_of(const record& r) {
  constexpr std::size_t usual_names = 3;  // most records with a level have one of them
  const auto get = [&r](const field_path& path) { return r.get(path); };
  std::optional<seen_names> seen;
  for (std::size_t i = 0; i < level_fields().size(); ++i) {
    const level_field& f = level_fields()[i];
    if (i == usual_names) seen.emplace(r);
    if (seen && !seen->may_have(f.path.segments[0].name)) continue;
    if (const auto found = level_at(f, get)) return found;
  }
  if (const auto implied = implied_level(r, *seen)) return implied;
  std::string memory;
  const std::string_view line = trimmed(text_of_container(r, memory));
  return line.empty() ? std::nullopt : of_line(line);
}

}  // namespace weir::expr
