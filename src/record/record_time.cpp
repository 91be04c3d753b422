#include "record/record_time.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "record/seen_names.hpp"
#include "record/text_content.hpp"

namespace weir {
namespace {

const std::vector<field_path>& time_fields() {
  static const std::vector<field_path> fields = [] {
    std::vector<field_path> out;
    for (const char* path : {"time",
                             "timestamp",
                             "ts",
                             "@timestamp",
                             "datetime",
                             "`date-time`",
                             "eventtime",
                             "date",
                             "Date",
                             "DATE",
                             "eventTime",
                             "event_time",
                             "event_timestamp",
                             "time_local",
                             "time_iso8601",
                             "msec",
                             "__REALTIME_TIMESTAMP",
                             "_SOURCE_REALTIME_TIMESTAMP",
                             "rt",
                             "devTime",
                             "start",
                             "syslogTime",
                             "Timestamp",
                             "timeStamp",
                             "TimeStamp",
                             "TimeCreated",
                             "TimeGenerated",
                             "EventTime",
                             "eventTimestamp",
                             "UtcTime",
                             "SystemTime",
                             "Time",
                             "Datetime",
                             "DateTime",
                             "created_at",
                             "createdAt",
                             "created",
                             "logged_at",
                             "log_time",
                             "start_time",
                             "startTime",
                             "StartUTC",
                             "observed_time",
                             "timeUnixNano",
                             "observedTimeUnixNano",
                             "requestReceivedTimestamp",
                             "stageTimestamp",
                             "published",
                             "asctime",
                             "`@t`",
                             "t",
                             "T",
                             "t.`$date`",
                             "timeMillis",
                             "event.created",
                             "query_timestamp",
                             "EdgeStartTimestamp",
                             "CreationTime",
                             "createdDateTime",
                             "lastTimestamp",
                             "updatedAt",
                             "receiveTimestamp",
                             "EventReceivedTime",
                             "time_unix_nano",
                             "ObservedTimestamp",
                             "observedTimestamp"}) {
      out.push_back(parse_path(path));
    }
    return out;
  }();
  return fields;
}

bool is_number_text(std::string_view text) noexcept {
  return text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

/// A small number in a field called `time` is a duration, not the year 1970.
bool is_plausible(std::int64_t ns) noexcept {
  constexpr std::int64_t in_1973 = 100'000'000 * ns_per_second;
  return ns >= in_1973 || ns <= -in_1973;
}

std::optional<std::int64_t> of_epoch(std::optional<std::int64_t> ns) noexcept {
  return ns && is_plausible(*ns) ? ns : std::nullopt;
}

std::optional<std::int64_t> of_text(std::string_view text, const record& r) noexcept {
  if (is_number_text(text)) {
    if (const auto date = parse_rfc3339(text)) return date;
    return of_epoch(parse_time(text));
  }
  if (const auto time = parse_time(text)) return time;
  return parse_syslog_time(text, r.source().modified_ns);
}

std::optional<std::int64_t> of_value(const value& v, const record& r) {
  switch (v.type) {
    case kind::integer:
      return of_epoch(from_epoch(v.integer));
    case kind::real:
      if (const auto exact = parse_epoch(v.text)) return of_epoch(exact);
      return of_epoch(from_epoch(v.real));
    case kind::time:
      return v.integer;
    case kind::string:
      break;
    default:
      return std::nullopt;
  }
  std::string memory;
  return of_text(text_content(v, memory), r);
}

/// `2026-01-02`: it says nothing of the time of the day.
bool is_day(const value& v) {
  std::string memory;
  const std::string_view text = text_content(v, memory);
  return text.size() == 10 && is_number_text(text) && parse_rfc3339(text);
}

/// A day and a time of the day that stand in two fields, as firewalls and exports of tables write
/// them.
struct time_in_parts {
  field_path day;
  field_path clock;
};

const std::vector<time_in_parts>& times_in_parts() {
  static const std::vector<time_in_parts> all{{parse_path("date"), parse_path("time")},
                                              {parse_path("Date"), parse_path("Time")},
                                              {parse_path("DATE"), parse_path("TIME")}};
  return all;
}

/// Their zone may stand in a third.
const std::vector<field_path>& zone_fields() {
  static const std::vector<field_path> fields = [] {
    std::vector<field_path> out;
    for (const char* path : {"tz", "timezone", "TZ", "Timezone", "TimeZone", "timeZone", "TIMEZONE",
                             "time_zone", "`Time Zone`"}) {
      out.push_back(parse_path(path));
    }
    return out;
  }();
  return fields;
}

/// Empty unless `text` begins like `9:14` or `09:14`; then with two digits in front.
std::string clock_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon > 2 || !is_number_text(text.substr(0, colon))) return {};
  return std::string(2 - colon, '0').append(text);
}

/// What the record calls its zone, empty if that is no name; nothing if it has none.
std::optional<std::string> zone_of(const record& r) {
  std::string memory;
  for (const field_path& path : zone_fields()) {
    const value v = r.get(path);
    if (v.is_null() || (v.type == kind::string && v.text.empty())) continue;
    // Some write `-1000` as a number.
    return std::string{v.is_number() ? v.text : text_content(v, memory)};
  }
  return std::nullopt;
}

/// A zone that is not known leaves no time, rather than that of UTC.
std::optional<std::int64_t> of_parts(const time_in_parts& parts, const record& r) {
  std::string memory;
  const std::string clock = clock_of(text_content(r.get(parts.clock), memory));
  if (clock.empty()) return std::nullopt;
  std::string text{text_content(r.get(parts.day), memory)};
  text.append(" ").append(clock);
  const bool tells_its_zone = !parse_time(text + "+00:00");
  const std::optional<std::string> zone = tells_its_zone ? std::nullopt : zone_of(r);
  if (!zone) return parse_time(text);
  return zone->empty() ? std::nullopt : parse_time(text + ' ' + *zone);
}

std::optional<std::int64_t> of_parts(const record& r) {
  for (const time_in_parts& parts : times_in_parts()) {
    if (const auto found = of_parts(parts, r)) return found;
  }
  return std::nullopt;
}

/// Seconds since 1970 and the nanoseconds beyond them, as Google's and Log4j's JSON have them.
struct time_in_numbers {
  field_path seconds;
  field_path nanoseconds;
};

const std::vector<time_in_numbers>& times_in_numbers() {
  static const std::vector<time_in_numbers> all{
      {parse_path("timestamp.seconds"), parse_path("timestamp.nanos")},
      {parse_path("timestampSeconds"), parse_path("timestampNanos")},
      {parse_path("instant.epochSecond"), parse_path("instant.nanoOfSecond")}};
  return all;
}

/// A whole number, which protocol buffers write as a text where it has 64 bits.
std::optional<std::int64_t> whole_number(const value& v) {
  if (v.type == kind::integer) return v.integer;
  if (v.type != kind::string) return std::nullopt;
  const value number = read_json(v.text);
  return number.type == kind::integer ? std::optional{number.integer} : std::nullopt;
}

std::optional<std::int64_t> of_numbers(const time_in_numbers& parts, const record& r) {
  const auto seconds = whole_number(r.get(parts.seconds));
  if (!seconds) return std::nullopt;
  const std::int64_t beyond = whole_number(r.get(parts.nanoseconds)).value_or(0);
  std::int64_t ns = 0;
  if (beyond < 0 || beyond >= ns_per_second ||
      __builtin_mul_overflow(*seconds, ns_per_second, &ns) ||
      __builtin_add_overflow(ns, beyond, &ns)) {
    return std::nullopt;
  }
  return of_epoch(ns);
}

std::optional<std::int64_t> of_numbers(const record& r, const seen_names& seen) {
  for (const time_in_numbers& parts : times_in_numbers()) {
    if (!seen.may_have(parts.seconds.segments[0].name)) continue;
    if (const auto found = of_numbers(parts, r)) return found;
  }
  return std::nullopt;
}

/// Whether a time of the day, readable or not, stands beside a day: then midnight is wrong.
bool has_clock(const record& r) {
  return std::ranges::any_of(times_in_parts(), [&r](const time_in_parts& parts) {
    const value clock = r.get(parts.clock);
    const bool says_nothing = clock.type == kind::missing || clock.type == kind::null ||
                              (clock.type == kind::string && clock.text.empty());
    return !says_nothing && !is_day(clock);
  });
}

}  // namespace

std::optional<std::int64_t> time_of(const record& r) {
  constexpr std::size_t usual_names = 4;  // most records have one of them
  std::optional<std::int64_t> midnight;
  std::optional<seen_names> seen;
  for (std::size_t i = 0; i < time_fields().size(); ++i) {
    const field_path& path = time_fields()[i];
    if (i == usual_names) seen.emplace(r);
    if (seen && !seen->may_have(path.segments[0].name)) continue;
    const value v = r.get(path);
    const auto found = of_value(v, r);
    if (!found) continue;
    if (!is_day(v)) return found;
    if (!midnight) midnight = found;
  }
  if (const auto found = of_parts(r)) return found;
  if (const auto found = of_numbers(r, *seen)) return found;
  return has_clock(r) ? std::nullopt : midnight;
}

}  // namespace weir
