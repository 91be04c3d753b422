#include <array>

#include "base/time.hpp"
#include "base/time_cursor.hpp"
#include "base/time_names.hpp"

namespace weir {
namespace {

/// The names whole or their first three letters, in any case: the place of the one that is there.
template <std::size_t N>
std::optional<unsigned> take_name(time_cursor& in,
                                  const std::array<std::string_view, N>& names) noexcept {
  for (unsigned i = 0; i < N; ++i) {
    if (in.word_in_any_case(names[i]) || in.word_in_any_case(names[i].substr(0, 3))) return i;
  }
  return std::nullopt;
}

bool take_number(time_cursor& in, unsigned& out) noexcept {
  const std::size_t digits = in.digits_ahead();
  return (digits == 1 || digits == 2) && in.digits(digits, out);
}

void take_blanks(time_cursor& in) noexcept {
  while (in.take(' ')) {
  }
}

bool take_month(time_cursor& in, civil_time& t) noexcept {
  const auto month = take_name(in, month_names);
  t.month = month.value_or(0) + 1;
  return month.has_value();
}

/// `12 January 2026`, `12-Jan-2026`, `12.01.2026`.
bool take_day_first(time_cursor& in, civil_time& t) noexcept {
  char between = 0;
  if (!take_number(in, t.day) || !in.take_any(" -.", between)) return false;
  const bool month = between == '.' ? take_number(in, t.month) : take_month(in, t);
  return month && in.take(between) && in.digits(4, t.year);
}

/// `January 12, 2026`.
bool take_month_first(time_cursor& in, civil_time& t) noexcept {
  if (!take_month(in, t) || !in.take(' ')) return false;
  take_blanks(in);
  return take_number(in, t.day) && in.take(',') && in.take(' ') && in.digits(4, t.year);
}

/// `9:14:07`, `09:14:07,123`, `9:14:07 PM`.
bool take_clock(time_cursor& in, civil_time& t) noexcept {
  if (!take_number(in, t.hour) || !in.take(':') || !in.digits(2, t.minute)) return false;
  if (in.take(':') && !in.digits(2, t.second)) return false;
  char point = 0;
  if (in.take_any(".,", point) && !in.fraction(t.nanosecond)) return false;
  take_blanks(in);
  const bool afternoon = in.word_in_any_case("pm");
  if (!afternoon && !in.word_in_any_case("am")) return true;
  if (t.hour < 1 || t.hour > 12) return false;
  t.hour = t.hour % 12 + (afternoon ? 12 : 0);
  return true;
}

/// JavaScript's `11/30/2026, 8:12:01 AM` in American English, and Suricata's
/// `11/30/2026-08:12:01.123456`: of all forms with slashes, these put the month first for sure.
std::optional<std::int64_t> parse_american_time(std::string_view text) noexcept {
  time_cursor in{text};
  civil_time t;
  if (!take_number(in, t.month) || !in.take('/') || !take_number(in, t.day) || !in.take('/') ||
      !in.digits(4, t.year)) {
    return std::nullopt;
  }
  const bool twelve_hours = in.word(", ") && (text.ends_with(" AM") || text.ends_with(" PM"));
  const bool suricata = !twelve_hours && in.take('-') && text.contains('.');
  if ((!twelve_hours && !suricata) || !take_clock(in, t) || !in.at_end()) return std::nullopt;
  return from_civil(t);
}

}  // namespace

std::optional<std::int64_t> parse_spelled_time(std::string_view text) noexcept {
  if (const auto american = parse_american_time(text)) return american;
  time_cursor in{text};
  civil_time t;
  char between = 0;
  if (take_name(in, day_names)) in.take(',');
  take_blanks(in);
  if (in.next_is_digit() ? !take_day_first(in, t) : !take_month_first(in, t)) return std::nullopt;
  in.take(',');
  if (!in.word("::") && !in.take_any(" T", between)) return std::nullopt;
  take_blanks(in);
  if (!take_clock(in, t)) return std::nullopt;
  take_blanks(in);
  std::int64_t east_s = 0;
  if (!in.at_end() && (!read_zone(in, east_s) || !in.at_end())) return std::nullopt;
  return at_zone(t, east_s);
}

}  // namespace weir
