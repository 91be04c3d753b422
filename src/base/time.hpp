#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Times are nanoseconds since 1970-01-01T00:00:00Z, in int64: the years 1678 to 2261. Every
/// function here is pure; what does not fit or does not parse is nullopt.

inline constexpr std::int64_t ns_per_second = 1'000'000'000;
inline constexpr std::int64_t ns_per_day = 86'400 * ns_per_second;

/// A time taken apart, in the proleptic Gregorian calendar and UTC.
struct civil_time {
  std::int64_t year = 1970;
  unsigned month = 1;  ///< 1 to 12
  unsigned day = 1;    ///< 1 to 31
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  std::uint32_t nanosecond = 0;
};
civil_time to_civil(std::int64_t ns) noexcept;
/// nullopt for a date that the calendar does not have, or a time that does not fit. A 60th second
/// is the next minute's first, as POSIX has it.
std::optional<std::int64_t> from_civil(const civil_time& t) noexcept;
/// 0 for Sunday.
unsigned weekday(std::int64_t ns) noexcept;
/// 1 for January 1st.
unsigned day_of_year(std::int64_t ns) noexcept;

/// RFC 3339 and its relatives: `2026-01-02T03:04:05.678901234Z`, a blank or `_` in place of the T,
/// a comma before the fraction or behind the day, `+02`, `+0200`, `+02:00` and `CET`, no zone
/// (UTC), no seconds, the date alone. Digits beyond nanoseconds are cut. Behind an offset a name
/// may stand that says the same, `+0100 CET` or `+09:00[Asia/Tokyo]`.
std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept;
/// The Common Log Format's `10/Oct/2000:13:55:36 -0700`, with or without brackets, and Python's
/// `10/Oct/2000 13:55:36`.
std::optional<std::int64_t> parse_clf(std::string_view text) noexcept;
/// `Sun Dec 04 04:47:44.5 2005`, as C's ctime and Apache's error log have it, and `Sun Dec  4
/// 04:47:44 CET 2005`, as `date` does.
std::optional<std::int64_t> parse_ctime(std::string_view text) noexcept;
/// The dates of many programs, year first: `2017/06/09 20:10:40`, `17/06/09 20:10:40`,
/// `2017.06.09 20:10:40`, `081109 203615`, `20171223-22:15:29:606`, `20171223:221529.606`,
/// `20171223221529`, `2017/06/09 - 20:10:40`. Of two digits, 70 to 99 are of the last century.
std::optional<std::int64_t> parse_plain_time(std::string_view text) noexcept;
/// Dates whose month has a name, `12 January 2026 09:14:07`, `12-Jan-2026 09:14:07.123`,
/// `Jan 12, 2026, 9:14:07 PM UTC`, perhaps behind a day of the week, and those with dots, which put
/// the day first: `12.01.2026 09:14:07`. Erlang's has two colons, `12-Jan-2026::09:14:07`. With
/// slashes nobody can tell the day from the month, but for JavaScript's `1/12/2026, 9:14:07 AM` and
/// Suricata's `01/12/2026-09:14:07.123456`.
std::optional<std::int64_t> parse_spelled_time(std::string_view text) noexcept;
/// How much of `text` is a time of RFC 3164, `Oct 11 22:14:15`, perhaps with a year behind the day,
/// behind all or in front, and with a fraction; 0 if none stands in front.
std::size_t syslog_time_length(std::string_view text) noexcept;
/// Such a time, or klog's `1011 22:14:15`, or Android's `10-11 22:14:15.123`, in UTC unless a zone
/// follows. Without a year it is meant to be as near as possible to `near_ns`.
std::optional<std::int64_t> parse_syslog_time(std::string_view text, std::int64_t near_ns) noexcept;
/// `Sun, 06 Nov 1994 08:49:37 GMT` or `+0200`, as in mail and HTTP.
std::optional<std::int64_t> parse_rfc2822(std::string_view text) noexcept;

/// A number of seconds, milli-, micro- or nanoseconds since 1970, told apart by its magnitude: from
/// 1e11, 1e14 and 1e17 on it is the next finer unit. (1e11 seconds is the year 5138; 1e11
/// milliseconds 1973.)
std::optional<std::int64_t> from_epoch(std::int64_t number) noexcept;
std::optional<std::int64_t> from_epoch(double number) noexcept;
/// The same from its text, `1700000000.123`, exact to the nanosecond.
std::optional<std::int64_t> parse_epoch(std::string_view text) noexcept;

/// Any of the forms above.
std::optional<std::int64_t> parse_time(std::string_view text) noexcept;

/// Reads a time by a format of strptime, with the directives of `format_time`: %L, %f and %N are a
/// fraction of any number of digits, %z and %Z an offset, `Z` or a zone's name, %s seconds since
/// 1970. Names of months and days are English, in any case, whole or of three letters. A blank
/// stands for any number of blanks. Without a year it is the one that puts the time nearest to
/// `near_ns`; without a zone the time is UTC.
std::optional<std::int64_t> scan_time(std::string_view text, std::string_view format,
                                      std::int64_t near_ns) noexcept;
/// Whether a text in `format` says which day it was, but for the year.
bool names_a_day(std::string_view format) noexcept;

/// Appends `2026-01-02T03:04:05.678Z`: UTC, no fraction if it is zero, else 3, 6 or 9 digits.
void format_rfc3339(std::int64_t ns, std::string& out);
/// Appends the time by a strftime format: %Y %m %d %e %H %I %M %S %p %y %j %b %B %a %A %u %w %F %T
/// %D %R %s (epoch) %L (milliseconds) %f (microseconds) %N (nanoseconds) %z %Z %n %t %%. Others are
/// copied.
void format_time(std::int64_t ns, std::string_view format, std::string& out);
/// True if `format` holds only directives that format_time knows; else `bad` is the first unknown
/// one.
bool valid_time_format(std::string_view format, std::string_view& bad) noexcept;

}  // namespace weir
