#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/time.hpp"

namespace weir {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Reads pieces of a time from the front of a text. Each reader returns false, or 0 digits, where
/// the text goes on differently.
class cursor {
 public:
  explicit cursor(std::string_view text) noexcept : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  std::size_t left() const noexcept { return rest_.size(); }
  bool next_is_digit() const noexcept { return !rest_.empty() && is_digit(rest_.front()); }

  bool take(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_any(std::string_view set, char& which) noexcept {
    if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
    which = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  std::size_t digits_ahead() const noexcept {
    return std::min(rest_.find_first_not_of("0123456789"), rest_.size());
  }

  /// Exactly `count` digits.
  template <class Number>
  bool digits(std::size_t count, Number& out) noexcept {
    if (rest_.size() < count) return false;
    Number n = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return false;
      n = static_cast<Number>(n * 10 + static_cast<Number>(rest_[i] - '0'));
    }
    rest_.remove_prefix(count);
    out = n;
    return true;
  }

  /// Digits of a fraction as billionths; what is finer is cut.
  bool fraction(std::uint32_t& billionths) noexcept {
    std::uint32_t n = 0;
    std::size_t count = 0;
    for (; next_is_digit(); ++count, rest_.remove_prefix(1)) {
      if (count < 9) n = n * 10 + static_cast<std::uint32_t>(rest_.front() - '0');
    }
    for (std::size_t i = count; i < 9; ++i) n *= 10;
    billionths = n;
    return count > 0;
  }

  bool word(std::string_view w) noexcept {
    if (!rest_.starts_with(w)) return false;
    rest_.remove_prefix(w.size());
    return true;
  }

  /// `Jan` to `Dec`.
  bool month(unsigned& out) noexcept {
    static constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (rest_.size() < 3) return false;
    const std::size_t at = names.find(rest_.substr(0, 3));
    if (at == std::string_view::npos || at % 3 != 0) return false;
    out = static_cast<unsigned>(at / 3) + 1;
    rest_.remove_prefix(3);
    return true;
  }

 private:
  std::string_view rest_;
};

struct named_zone {
  std::string_view name;
  int east_hours;
};
/// Those of RFC 822 and of Europe: they mean one thing each.
constexpr std::array<named_zone, 16> named_zones{{{"UTC", 0},
                                                  {"GMT", 0},
                                                  {"EST", -5},
                                                  {"EDT", -4},
                                                  {"CST", -6},
                                                  {"CDT", -5},
                                                  {"MST", -7},
                                                  {"MDT", -6},
                                                  {"PST", -8},
                                                  {"PDT", -7},
                                                  {"WEST", 1},
                                                  {"WET", 0},
                                                  {"CEST", 2},
                                                  {"CET", 1},
                                                  {"EEST", 3},
                                                  {"EET", 2}}};

/// `Z`, `CET`, `+02`, `+0200`, `+02:00`, or nothing: seconds east of UTC.
bool read_zone(cursor& in, std::int64_t& east_s) noexcept {
  char sign = 0;
  if (in.at_end() || in.take_any("Zz", sign)) return true;
  for (const named_zone& z : named_zones) {
    if (!in.word(z.name)) continue;
    east_s = z.east_hours * 3600;
    return true;
  }
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!in.take_any("+-", sign) || !in.digits(2, hours)) return false;
  const bool has_minutes = in.take(':') || in.next_is_digit();
  if (has_minutes && !in.digits(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  east_s = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  return true;
}

/// `03:04`, `03:04:05`, `03:04:05.678`.
bool read_clock(cursor& in, civil_time& t) noexcept {
  if (!in.digits(2, t.hour) || !in.take(':') || !in.digits(2, t.minute)) return false;
  if (!in.take(':')) return true;
  if (!in.digits(2, t.second)) return false;
  char point = 0;
  return !in.take_any(".,", point) || in.fraction(t.nanosecond);
}

/// The zone ends the text; then the time is known.
std::optional<std::int64_t> finish(cursor& in, const civil_time& t) noexcept {
  std::int64_t east_s = 0;
  if (!read_zone(in, east_s) || !in.at_end()) return std::nullopt;
  const auto local = from_civil(t);
  std::int64_t ns = 0;
  if (!local || __builtin_sub_overflow(*local, east_s * ns_per_second, &ns)) return std::nullopt;
  return ns;
}

/// `Oct 11 22:14:15`, `Jun  3 2024 12:08:33.5`: true if it is one, with `has_year` as found.
bool read_syslog_time(cursor& in, civil_time& t, bool& has_year) noexcept {
  if (!in.month(t.month) || !in.take(' ')) return false;
  const bool padded = in.take(' ');
  if ((padded || !in.digits(2, t.day)) && !in.digits(1, t.day)) return false;
  if (!in.take(' ')) return false;
  has_year = in.digits(4, t.year);
  if (has_year && !in.take(' ')) return false;
  return read_clock(in, t);
}

/// `0102 15:04:05.678`, as klog has it.
bool read_klog_time(cursor& in, civil_time& t) noexcept {
  return in.digits(2, t.month) && in.digits(2, t.day) && in.take(' ') && read_clock(in, t);
}

/// `2017/06/09`, `17/06/09`, `20171223`, `081109`: the year comes first.
bool read_plain_date(cursor& in, civil_time& t) noexcept {
  const std::size_t digits = in.digits_ahead();
  const bool full_year = digits == 4 || digits == 8;
  if (!in.digits(full_year ? 4 : 2, t.year)) return false;
  if (!full_year) t.year += t.year < 70 ? 2000 : 1900;
  const bool slashes = in.take('/');
  if (!slashes && digits != 6 && digits != 8) return false;
  return in.digits(2, t.month) && (!slashes || in.take('/')) && in.digits(2, t.day);
}

/// `15:04:05.678`, `1:4:5:678`, `150405`.
bool read_plain_clock(cursor& in, civil_time& t) noexcept {
  if (in.digits_ahead() == 6) {
    return in.digits(2, t.hour) && in.digits(2, t.minute) && in.digits(2, t.second);
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

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept {
  cursor in{text};
  civil_time t;
  if (!in.digits(4, t.year) || !in.take('-') || !in.digits(2, t.month) || !in.take('-') ||
      !in.digits(2, t.day)) {
    return std::nullopt;
  }
  char between = 0;
  if (in.take_any("Tt _", between)) {
    if (!read_clock(in, t)) return std::nullopt;
    in.take(' ');
  }
  return finish(in, t);
}

std::optional<std::int64_t> parse_clf(std::string_view text) noexcept {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  cursor in{text};
  civil_time t;
  if (!in.digits(2, t.day) || !in.take('/') || !in.month(t.month) || !in.take('/') ||
      !in.digits(4, t.year) || !in.take(':') || !read_clock(in, t)) {
    return std::nullopt;
  }
  in.take(' ');
  return finish(in, t);
}

std::size_t syslog_time_length(std::string_view text) noexcept {
  cursor in{text};
  civil_time t{.year = 2000};  // a leap year
  bool has_year = false;
  if (!read_syslog_time(in, t, has_year) || !from_civil(t)) return 0;
  return text.size() - in.left();
}

std::optional<std::int64_t> parse_syslog_time(std::string_view text,
                                              std::int64_t near_ns) noexcept {
  cursor in{text};
  civil_time t;
  bool has_year = false;
  const bool klog = in.digits_ahead() == 4;
  if (klog ? !read_klog_time(in, t) : !read_syslog_time(in, t, has_year)) return std::nullopt;
  if (has_year) return finish(in, t);
  const std::int64_t year = to_civil(near_ns).year;
  std::optional<std::int64_t> nearest;
  for (t.year = year - 1; t.year <= year + 1; ++t.year) {
    cursor zone = in;
    const auto ns = finish(zone, t);
    if (ns && (!nearest || magnitude_of(*ns - near_ns) < magnitude_of(*nearest - near_ns)))
      nearest = ns;
  }
  return nearest;
}

std::optional<std::int64_t> parse_rfc2822(std::string_view text) noexcept {
  if (text.size() > 5 && text[3] == ',') text.remove_prefix(5);
  cursor in{text};
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
  cursor in{text.substr(4)};
  civil_time t;
  bool has_year = false;
  if (!read_syslog_time(in, t, has_year) || has_year) return std::nullopt;
  if (!in.take(' ') || !in.digits(4, t.year)) return std::nullopt;
  return finish(in, t);
}

std::optional<std::int64_t> parse_plain_time(std::string_view text) noexcept {
  cursor in{text};
  civil_time t;
  char between = 0;
  if (!read_plain_date(in, t) || !in.take_any(" T-_", between)) return std::nullopt;
  in.take(' ');
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
    cursor in{text.substr(static_cast<std::size_t>(stop - text.data()))};
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
  if (looks_like_number(text)) return parse_epoch(text);
  if (const auto t = parse_rfc3339(text)) return t;
  if (const auto t = parse_clf(text)) return t;
  if (const auto t = parse_plain_time(text)) return t;
  if (const auto t = parse_ctime(text)) return t;
  return parse_rfc2822(text);
}

}  // namespace weir
