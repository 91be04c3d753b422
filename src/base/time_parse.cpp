#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/time.hpp"
#include "base/time_cursor.hpp"

namespace weir {
namespace {

/// What follows the hour of a clock.
bool read_behind_hour(time_cursor& in, civil_time& t) noexcept {
  if (!in.take(':') || !in.digits(2, t.minute)) return false;
  if (!in.take(':')) return true;
  if (!in.digits(2, t.second)) return false;
  char point = 0;
  return !in.take_any(".,", point) || in.fraction(t.nanosecond);
}

/// `03:04`, `03:04:05`, `03:04:05.678`.
bool read_clock(time_cursor& in, civil_time& t) noexcept {
  return in.digits(2, t.hour) && read_behind_hour(in, t);
}

/// The same, or with a blank for the hour's first digit, as MariaDB writes it.
bool read_padded_clock(time_cursor& in, civil_time& t) noexcept {
  return in.take(' ') ? in.digits(1, t.hour) && read_behind_hour(in, t) : read_clock(in, t);
}

/// The zone ends the text; then the time is known.
std::optional<std::int64_t> finish(time_cursor& in, const civil_time& t) noexcept {
  std::int64_t east_s = 0;
  if (!in.at_end() && (!read_zone(in, east_s) || !in.at_end())) return std::nullopt;
  return at_zone(t, east_s);
}

/// `Oct 11 22:14:15`, `Jun  3 2024 12:08:33.5`, `2024 Jun  3 12:08:33.5`: true if it is one, with
/// `has_year` as found.
bool read_syslog_time(time_cursor& in, civil_time& t, bool& has_year) noexcept {
  const bool year_in_front = in.digits(4, t.year);
  if (year_in_front && !in.take(' ')) return false;
  if (!in.month(t.month) || !in.take(' ')) return false;
  const bool padded = in.take(' ');
  if ((padded || !in.digits(2, t.day)) && !in.digits(1, t.day)) return false;
  if (!in.take(' ')) return false;
  const bool year_behind = !year_in_front && in.digits(4, t.year);
  if (year_behind && !in.take(' ')) return false;
  has_year = year_in_front || year_behind;
  return read_clock(in, t);
}

/// ` 2026` behind such a time, as Aruba's devices write it; another number may be a host's name.
bool read_year_behind_clock(time_cursor& in, civil_time& t) noexcept {
  time_cursor behind = in;
  std::int64_t year = 0;
  if (!behind.take(' ') || !behind.digits(4, year) || year < 2000 || year > 2099) return false;
  const time_cursor at_year_end = behind;
  if (!behind.at_end() && !behind.take(' ')) return false;
  t.year = year;
  in = at_year_end;
  return true;
}

/// `0102 15:04:05.678`, as klog has it.
bool read_klog_time(time_cursor& in, civil_time& t) noexcept {
  return in.digits(2, t.month) && in.digits(2, t.day) && in.take(' ') && read_clock(in, t);
}

/// `01-02 15:04:05.678`, as Android has it. Without a fraction it may as well be the day that comes
/// first.
bool is_like_logcat(std::string_view text) noexcept {
  return text.size() > 14 && text[2] == '-' && text[14] == '.';
}
bool read_logcat_time(time_cursor& in, civil_time& t) noexcept {
  return in.digits(2, t.month) && in.take('-') && in.digits(2, t.day) && in.take(' ') &&
         read_clock(in, t);
}

/// `2017/06/09`, `2017.06.09`, `17/06/09`, `20171223`, `081109`: the year comes first.
bool read_plain_date(time_cursor& in, civil_time& t) noexcept {
  const std::size_t digits = in.digits_ahead();
  const bool full_year = digits == 4 || digits == 8;
  if (!in.digits(full_year ? 4 : 2, t.year)) return false;
  if (!full_year) t.year += t.year < 70 ? 2000 : 1900;
  char between = 0;
  const bool divided = in.take_any(digits == 4 ? "/." : "/", between);
  if (!divided && digits != 6 && digits != 8) return false;
  return in.digits(2, t.month) && (!divided || in.take(between)) && in.digits(2, t.day);
}

/// `15:04:05.678`, `1:4:5:678`, `150405`, `150405.678`.
bool read_plain_clock(time_cursor& in, civil_time& t) noexcept {
  if (in.digits_ahead() == 6) {
    const bool read = in.digits(2, t.hour) && in.digits(2, t.minute) && in.digits(2, t.second);
    return read && (!in.take('.') || in.fraction(t.nanosecond));
  }
  const auto number = [&in](unsigned& out) { return in.digits(2, out) || in.digits(1, out); };
  if (!number(t.hour) || !in.take(':') || !number(t.minute)) return false;
  if (!in.take(':')) return true;
  if (!number(t.second)) return false;
  std::uint32_t milliseconds = 0;
  if (in.take(':')) {
    const std::size_t digits = in.digits_ahead();
    if (digits == 0 || digits > 3 || !in.digits(digits, milliseconds)) return false;
    t.nanosecond = milliseconds * 1'000'000;
    return true;
  }
  char point = 0;
  return !in.take_any(".,", point) || in.fraction(t.nanosecond);
}

struct epoch_unit {
  std::int64_t from;  ///< the smallest magnitude that is read in this unit
  std::int64_t ns;
};
constexpr std::array<epoch_unit, 4> epoch_units{{
    {100'000'000'000'000'000, 1},
    {100'000'000'000'000, 1'000},
    {100'000'000'000, 1'000'000},
    {0, ns_per_second},
}};

std::int64_t ns_of_unit(std::uint64_t magnitude) noexcept {
  for (const epoch_unit& u : epoch_units) {
    if (magnitude >= static_cast<std::uint64_t>(u.from)) return u.ns;
  }
  return ns_per_second;
}

std::uint64_t magnitude_of(std::int64_t n) noexcept {
  return n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
}

bool looks_like_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The same zone once more, as Go's and Java's times have it.
void skip_zone_name(time_cursor& in) noexcept {
  std::int64_t ignored = 0;
  if (in.take(' ')) read_zone(in, ignored);
  if (in.take('[')) in.skip_to(']');
}

/// `20260112102233`: as milliseconds it would be a time of the 27th century.
std::optional<std::int64_t> parse_digits_of_date(std::string_view text) noexcept {
  time_cursor in{text};
  civil_time t;
  if (text.size() != 14 || !(text.starts_with("20") || text.starts_with("19"))) return std::nullopt;
  if (!in.digits(4, t.year) || !in.digits(2, t.month) || !in.digits(2, t.day) ||
      !in.digits(2, t.hour) || !in.digits(2, t.minute) || !in.digits(2, t.second)) {
    return std::nullopt;
  }
  return from_civil(t);
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept {
  time_cursor in{text};
  civil_time t;
  if (!in.digits(4, t.year) || !in.take('-') || !in.digits(2, t.month) || !in.take('-') ||
      !in.digits(2, t.day)) {
    return std::nullopt;
  }
  char between = 0;
  const bool comma = in.take(',');
  if (in.take_any(comma ? " " : "Tt _", between)) {
    if (!(between == ' ' ? read_padded_clock(in, t) : read_clock(in, t))) return std::nullopt;
    in.take(' ');
  } else if (comma) {
    return std::nullopt;
  }
  if (in.at_end()) return from_civil(t);
  std::int64_t east_s = 0;
  if (!read_zone(in, east_s)) return std::nullopt;
  if (!in.at_end()) skip_zone_name(in);
  return in.at_end() ? at_zone(t, east_s) : std::nullopt;
}

std::optional<std::int64_t> parse_clf(std::string_view text) noexcept {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  time_cursor in{text};
  civil_time t;
  char between = 0;
  if (!in.digits(2, t.day) || !in.take('/') || !in.month(t.month) || !in.take('/') ||
      !in.digits(4, t.year) || !in.take_any(": ", between) || !read_clock(in, t)) {
    return std::nullopt;
  }
  in.take(' ');
  return finish(in, t);
}

std::size_t syslog_time_length(std::string_view text) noexcept {
  time_cursor in{text};
  civil_time t{.year = 2000};  // a leap year
  bool has_year = false;
  if (!read_syslog_time(in, t, has_year)) return 0;
  if (!has_year) read_year_behind_clock(in, t);
  return from_civil(t) ? text.size() - in.left() : 0;
}

std::optional<std::int64_t> parse_syslog_time(std::string_view text,
                                              std::int64_t near_ns) noexcept {
  time_cursor in{text};
  civil_time t;
  bool has_year = false;
  const bool klog = in.digits_ahead() == 4 && text.size() > 5 && is_digit(text[5]);
  const bool logcat = is_like_logcat(text);
  const bool read = klog     ? read_klog_time(in, t)
                    : logcat ? read_logcat_time(in, t)
                             : read_syslog_time(in, t, has_year);
  if (!read) return std::nullopt;
  if (!klog && !logcat && !has_year) has_year = read_year_behind_clock(in, t);
  in.take(' ');
  if (has_year) return finish(in, t);
  std::int64_t east_s = 0;
  if (!in.at_end() && (!read_zone(in, east_s) || !in.at_end())) return std::nullopt;
  return in_nearest_year(t, east_s, near_ns);
}

std::optional<std::int64_t> parse_rfc2822(std::string_view text) noexcept {
  if (text.size() > 5 && text[3] == ',') text.remove_prefix(5);
  time_cursor in{text};
  civil_time t;
  const std::size_t day_digits = text.size() > 1 && is_digit(text[1]) ? 2 : 1;
  if (!in.digits(day_digits, t.day) || !in.take(' ') || !in.month(t.month) || !in.take(' ') ||
      !in.digits(4, t.year) || !in.take(' ') || !read_clock(in, t)) {
    return std::nullopt;
  }
  in.take(' ');
  return finish(in, t);
}

std::optional<std::int64_t> parse_ctime(std::string_view text) noexcept {
  if (text.size() < 4 || text[3] != ' ') return std::nullopt;
  time_cursor in{text.substr(4)};
  civil_time t;
  bool has_year = false;
  if (!read_syslog_time(in, t, has_year) || has_year) return std::nullopt;
  if (!in.take(' ')) return std::nullopt;
  std::int64_t east_s = 0;
  if (!in.next_is_digit() && (!read_zone(in, east_s) || !in.take(' '))) return std::nullopt;
  if (!in.digits(4, t.year)) return std::nullopt;
  if (east_s == 0) return finish(in, t);
  return in.at_end() ? at_zone(t, east_s) : std::nullopt;
}

std::optional<std::int64_t> parse_plain_time(std::string_view text) noexcept {
  time_cursor in{text};
  civil_time t;
  char between = 0;
  if (!read_plain_date(in, t) || !in.take_any(" T-_:", between)) return std::nullopt;
  if (between != ' ' || !in.word("- ")) in.take(' ');
  if (!read_plain_clock(in, t)) return std::nullopt;
  in.take(' ');
  return finish(in, t);
}

std::optional<std::int64_t> from_epoch(std::int64_t number) noexcept {
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(number, ns_of_unit(magnitude_of(number)), &ns)) return std::nullopt;
  return ns;
}

std::optional<std::int64_t> from_epoch(double number) noexcept {
  if (!(std::abs(number) < 9.2e18)) return std::nullopt;
  const auto unit = static_cast<double>(ns_of_unit(static_cast<std::uint64_t>(std::abs(number))));
  const double ns = std::round(number * unit);
  if (!(std::abs(ns) < 9.2e18)) return std::nullopt;
  return static_cast<std::int64_t>(ns);
}

std::optional<std::int64_t> parse_epoch(std::string_view text) noexcept {
  if (!looks_like_number(text)) return std::nullopt;
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto [stop, failed] = std::from_chars(text.data(), end, whole);
  if (failed != std::errc{}) return std::nullopt;
  std::uint32_t billionths = 0;
  if (stop != end) {
    time_cursor in{text.substr(static_cast<std::size_t>(stop - text.data()))};
    if (!in.take('.') || !in.fraction(billionths) || !in.at_end()) return std::nullopt;
  }
  auto ns = from_epoch(whole);
  const std::int64_t part = billionths * ns_of_unit(magnitude_of(whole)) / ns_per_second;
  if (!ns || __builtin_add_overflow(*ns, text.front() == '-' ? -part : part, &*ns)) {
    return std::nullopt;
  }
  return ns;
}

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  if (const auto t = parse_digits_of_date(text)) return t;
  if (looks_like_number(text)) return parse_epoch(text);
  if (const auto t = parse_rfc3339(text)) return t;
  if (const auto t = parse_clf(text)) return t;
  if (const auto t = parse_plain_time(text)) return t;
  if (const auto t = parse_ctime(text)) return t;
  if (const auto t = parse_rfc2822(text)) return t;
  return parse_spelled_time(text);
}

}  // namespace weir
