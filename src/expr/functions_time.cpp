#include <array>
#include <cmath>

#include "base/duration.hpp"
#include "base/time.hpp"
#include "expr/functions.hpp"

namespace weir::expr {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t time(const call& c, std::size_t i) noexcept {
  return c.arguments[i].integer;
}

value maybe(std::optional<std::int64_t> ns) noexcept {
  return ns ? value::at_nanoseconds(*ns) : value::null();
}

// The evaluator has read texts and numbers as times by now: see `parameter::time`.
value to_time(const call& c) {
  return c.arguments[0];
}

value parse(const call& c) {
  return maybe(scan_time(c.text(0), c.text(1), c.near_ns));
}

/// A fraction of seconds is exact, of other units rounded to nanoseconds.
template <std::int64_t Unit>
value from_unix(const call& c) {
  const value& number = c.arguments[0];
  std::int64_t ns = 0;
  if (number.type == kind::integer) {
    if (__builtin_mul_overflow(number.integer, Unit, &ns)) return value::null();
    return value::at_nanoseconds(ns);
  }
  if (Unit == ns_per_second) {
    if (const auto found = scan_time(number.text, "%s.%f", 0)) return value::at_nanoseconds(*found);
  }
  if (number.type != kind::real) return value::null();
  if (!(std::abs(number.real) < 9.2e18 / static_cast<double>(Unit))) return value::null();
  const double whole = std::trunc(number.real);
  const double fraction = (number.real - whole) * static_cast<double>(Unit);
  return value::at_nanoseconds(static_cast<std::int64_t>(whole) * Unit + std::llround(fraction));
}

template <std::int64_t Unit>
value to_unix(const call& c) {
  return value::of(floor_divide(time(c, 0), Unit));
}

value format(const call& c) {
  std::string& out = c.memory.fresh();
  format_time(time(c, 0), c.text(1), out);
  return value::of(std::string_view{out});
}

value date(const call& c) {
  std::string& out = c.memory.fresh();
  format_time(time(c, 0), "%F", out);
  return value::of(std::string_view{out});
}

template <auto Part>
value part(const call& c) {
  return value::of(static_cast<std::int64_t>(to_civil(time(c, 0)).*Part));
}

value day_of_week(const call& c) {
  const unsigned from_sunday = weekday(time(c, 0));
  return value::of(std::int64_t{from_sunday == 0 ? 7 : from_sunday});
}

value day_number(const call& c) {
  return value::of(std::int64_t{day_of_year(time(c, 0))});
}

/// `3h` or `-3h`.
std::optional<std::int64_t> signed_duration(std::string_view text) noexcept {
  const bool back = text.starts_with('-');
  const auto d = parse_duration(back ? text.substr(1) : text);
  if (!d) return std::nullopt;
  return back ? -d->count() : d->count();
}

value time_add(const call& c) {
  const auto by = signed_duration(c.text(1));
  std::int64_t sum = 0;
  if (!by || __builtin_add_overflow(time(c, 0), *by, &sum)) return value::null();
  return value::at_nanoseconds(sum);
}

constexpr std::array<std::string_view, 8> units{"second", "minute", "hour",    "day",
                                                "week",   "month",  "quarter", "year"};

std::optional<std::int64_t> start_of_date(const civil_time& t, unsigned month) noexcept {
  return from_civil({.year = t.year, .month = month, .day = 1});
}

/// The beginning of the `size` that `ns` lies in.
std::optional<std::int64_t> cut(std::int64_t ns, std::int64_t size) noexcept {
  std::int64_t start = 0;
  if (__builtin_mul_overflow(floor_divide(ns, size), size, &start)) return std::nullopt;
  return start;
}

/// Weeks begin on Mondays.
std::optional<std::int64_t> start_of_week(std::int64_t ns) noexcept {
  const auto day = cut(ns, ns_per_day);
  std::int64_t monday = 0;
  const std::int64_t back = ((weekday(ns) + 6) % 7) * ns_per_day;
  if (!day || __builtin_sub_overflow(*day, back, &monday)) return std::nullopt;
  return monday;
}

std::optional<std::int64_t> truncate(std::int64_t ns, std::string_view unit) noexcept {
  const civil_time t = to_civil(ns);
  if (unit == "second") return cut(ns, ns_per_second);
  if (unit == "minute") return cut(ns, 60 * ns_per_second);
  if (unit == "hour") return cut(ns, 3600 * ns_per_second);
  if (unit == "day") return cut(ns, ns_per_day);
  if (unit == "week") return start_of_week(ns);
  if (unit == "month") return start_of_date(t, t.month);
  if (unit == "quarter") return start_of_date(t, (t.month - 1) / 3 * 3 + 1);
  if (unit == "year") return start_of_date(t, 1);
  return std::nullopt;
}

value date_trunc(const call& c) {
  return maybe(truncate(time(c, 1), c.text(0)));
}

std::optional<std::string> check_unit(std::size_t argument, std::string_view literal) {
  if (argument != 0) return std::nullopt;
  for (const std::string_view u : units) {
    if (u == literal) return std::nullopt;
  }
  return "units are second, minute, hour, day, week, month, quarter and year";
}

std::optional<std::string> check_duration(std::size_t argument, std::string_view literal) {
  if (argument != 1 || signed_duration(literal)) return std::nullopt;
  return "durations look like `2h30m` or `-7d`";
}

std::optional<std::string> check_format(std::size_t argument, std::string_view literal) {
  std::string_view bad;
  if (argument != 1 || valid_time_format(literal, bad)) return std::nullopt;
  return "`" + std::string{bad} +
         "` is no directive; `%Y-%m-%d %H:%M:%S` are the usual ones, `%%` is a percent sign";
}

std::optional<std::string> check_scan(std::size_t argument, std::string_view literal) {
  if (argument != 1) return std::nullopt;
  if (auto bad = check_format(argument, literal)) return bad;
  if (names_a_day(literal)) return std::nullopt;
  return "the format has no day; `%d` and `%m` or `%b` read one";
}

std::optional<std::string> check_time(std::size_t, std::string_view literal) {
  if (parse_time(literal)) return std::nullopt;
  return "times look like `2026-01-02T03:04:05Z`, `2026-01-02` or seconds since 1970";
}

constexpr auto a_time = parameter::time;
constexpr auto as_number = static_type::number;
constexpr auto as_time = static_type::time;
constexpr auto as_text = static_type::text;

constexpr std::array table{
    function{"to_time",
             "time",
             {a_time},
             1,
             1,
             as_time,
             "to_time(value)",
             "A time from a text (RFC 3339, access log, mail) or from seconds, milli-, micro- or "
             "nanoseconds since 1970.",
             "to_time('10/Oct/2000:13:55:36 -0700')",
             R"("2000-10-10T20:55:36Z")",
             to_time,
             false,
             check_time},
    function{"parse_time",
             "time",
             {parameter::text, parameter::text},
             2,
             2,
             as_time,
             "parse_time(text, format)",
             "A time by a format of strptime; a fraction is `%f`, an offset or a zone `%z`. A year "
             "that is missing is the one that puts the time nearest to the file's last change.",
             "parse_time('2 January 2026 3.04 pm', '%d %B %Y %I.%M %p')",
             R"("2026-01-02T15:04:00Z")",
             parse,
             false,
             check_scan,
             false},
    function{"from_unix",
             "time",
             {parameter::number},
             1,
             1,
             as_time,
             "from_unix(seconds)",
             "The time so many seconds after 1970 began.",
             "from_unix(1767323045)",
             R"("2026-01-02T03:04:05Z")",
             from_unix<ns_per_second>},
    function{"from_unix_ms",
             "time",
             {parameter::number},
             1,
             1,
             as_time,
             "from_unix_ms(milliseconds)",
             "The time so many milliseconds after 1970 began.",
             "from_unix_ms(1767323045678)",
             R"("2026-01-02T03:04:05.678Z")",
             from_unix<1'000'000>},
    function{"from_unix_us",
             "time",
             {parameter::number},
             1,
             1,
             as_time,
             "from_unix_us(microseconds)",
             "The time so many microseconds after 1970 began.",
             "from_unix_us(1767323045678901)",
             R"("2026-01-02T03:04:05.678901Z")",
             from_unix<1'000>},
    function{"from_unix_ns",
             "time",
             {parameter::number},
             1,
             1,
             as_time,
             "from_unix_ns(nanoseconds)",
             "The time so many nanoseconds after 1970 began.",
             "from_unix_ns(1767323045678901234)",
             R"("2026-01-02T03:04:05.678901234Z")",
             from_unix<1>},
    function{"to_unix",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "to_unix(time)",
             "Whole seconds since 1970.",
             "to_unix('2026-01-02T03:04:05Z')",
             "1767323045",
             to_unix<ns_per_second>,
             false,
             check_time},
    function{"to_unix_ms",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "to_unix_ms(time)",
             "Whole milliseconds since 1970.",
             "to_unix_ms('2026-01-02T03:04:05.678Z')",
             "1767323045678",
             to_unix<1'000'000>,
             false,
             check_time},
    function{"to_unix_ns",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "to_unix_ns(time)",
             "Nanoseconds since 1970.",
             "to_unix_ns('1970-01-01T00:00:01Z')",
             "1000000000",
             to_unix<1>,
             false,
             check_time},
    function{"format_time",
             "time",
             {a_time, parameter::text},
             2,
             2,
             as_text,
             "format_time(time, format)",
             "The time by a format of strftime, in UTC; `%L`, `%f` and `%N` are milli-, micro- and "
             "nanoseconds.",
             "format_time('2026-01-02T03:04:05.678Z', '%d.%m.%Y %H:%M:%S.%L')",
             R"("02.01.2026 03:04:05.678")",
             format,
             false,
             check_format},
    function{"date",
             "time",
             {a_time},
             1,
             1,
             as_text,
             "date(time)",
             "The day in UTC.",
             "date('2026-01-02T23:00:00-05:00')",
             R"("2026-01-03")",
             date,
             false,
             check_time},
    function{"year",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "year(time)",
             "The year in UTC.",
             "year('2026-01-02')",
             "2026",
             part<&civil_time::year>,
             false,
             check_time},
    function{"month",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "month(time)",
             "The month, 1 to 12.",
             "month('2026-01-02')",
             "1",
             part<&civil_time::month>,
             false,
             check_time},
    function{"day",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "day(time)",
             "The day of the month.",
             "day('2026-01-02')",
             "2",
             part<&civil_time::day>,
             false,
             check_time},
    function{"hour",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "hour(time)",
             "The hour, 0 to 23.",
             "hour('2026-01-02T03:04:05Z')",
             "3",
             part<&civil_time::hour>,
             false,
             check_time},
    function{"minute",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "minute(time)",
             "The minute, 0 to 59.",
             "minute('2026-01-02T03:04:05Z')",
             "4",
             part<&civil_time::minute>,
             false,
             check_time},
    function{"second",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "second(time)",
             "The second, 0 to 59.",
             "second('2026-01-02T03:04:05Z')",
             "5",
             part<&civil_time::second>,
             false,
             check_time},
    function{"day_of_week",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "day_of_week(time)",
             "1 for Monday to 7 for Sunday.",
             "day_of_week('2026-01-02')",
             "5",
             day_of_week,
             false,
             check_time},
    function{"day_of_year",
             "time",
             {a_time},
             1,
             1,
             as_number,
             "day_of_year(time)",
             "1 for the first of January.",
             "day_of_year('2026-02-01')",
             "32",
             day_number,
             false,
             check_time},
    function{"time_add",
             "time",
             {a_time, parameter::text},
             2,
             2,
             as_time,
             "time_add(time, duration)",
             "The time so much later, or earlier with a minus sign; `time + 2h` is the same.",
             "time_add('2026-01-02', '-1h30m')",
             R"("2026-01-01T22:30:00Z")",
             time_add,
             false,
             check_duration},
    function{
        "date_trunc",
        "time",
        {parameter::text, a_time},
        2,
        2,
        as_time,
        "date_trunc(unit, time)",
        "The beginning of the second, minute, hour, day, week (Monday), month, quarter or year.",
        "date_trunc('week', '2026-01-02T03:04:05Z')",
        R"("2025-12-29T00:00:00Z")",
        date_trunc,
        false,
        check_unit},
};

}  // namespace

std::span<const function> time_functions() {
  return table;
}

}  // namespace weir::expr
