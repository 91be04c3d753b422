#include "record/record_time.hpp"

#include <string>
#include <vector>

#include "base/time.hpp"

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
                             "date",
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
                             "Timestamp",
                             "TimeCreated",
                             "created_at",
                             "createdAt",
                             "logged_at",
                             "start_time",
                             "startTime",
                             "observed_time",
                             "timeUnixNano",
                             "observedTimeUnixNano",
                             "requestReceivedTimestamp",
                             "stageTimestamp",
                             "published",
                             "asctime",
                             "`@t`",
                             "t",
                             "start"}) {
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
    return of_epoch(parse_epoch(text));
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
  if (!v.escaped) return of_text(v.text, r);
  std::string content;
  unescape(v.text, content);
  return of_text(content, r);
}

}  // namespace

std::optional<std::int64_t> time_of(const record& r) {
  for (const field_path& path : time_fields()) {
    if (const auto found = of_value(r.get(path), r)) return found;
  }
  return std::nullopt;
}

}  // namespace weir
