#include <array>

#include "base/time.hpp"
#include "base/time_cursor.hpp"
#include "base/time_names.hpp"

namespace weir {
namespace {

/// What a text was found to say.
struct scanned {
  civil_time t;
  bool has_year = false;
  bool afternoon = false;
  bool twelve_hours = false;
  unsigned day_of_year = 0;
  std::int64_t east_s = 0;
  std::optional<std::int64_t> epoch_s;
};

/// At most `most` digits, blanks in front of them skipped.
template <class Number>
bool number(time_cursor& in, std::size_t most, Number& out) noexcept {
  while (in.take(' ')) {
  }
  const std::size_t digits = std::min(in.digits_ahead(), most);
  return digits > 0 && in.digits(digits, out);
}

/// Takes one of `names`, whole or its first three letters, in any case; returns its place.
template <std::size_t N>
std::optional<unsigned> name(time_cursor& in,
                             const std::array<std::string_view, N>& names) noexcept {
  for (unsigned i = 0; i < N; ++i) {
    if (in.word_in_any_case(names[i]) || in.word_in_any_case(names[i].substr(0, 3))) return i;
  }
  return std::nullopt;
}

bool epoch(time_cursor& in, scanned& out) noexcept {
  const bool before = in.take('-');
  std::int64_t seconds = 0;
  if (!number(in, 11, seconds)) return false;
  out.epoch_s = before ? -seconds : seconds;
  return true;
}

bool scan(time_cursor& in, std::string_view format, scanned& out) noexcept;

bool scan_directive(time_cursor& in, char directive, scanned& out) noexcept {
  civil_time& t = out.t;
  switch (directive) {
    case 'Y':
      out.has_year = true;
      return in.digits(4, t.year);
    case 'y':
      out.has_year = true;
      if (!in.digits(2, t.year)) return false;
      t.year += t.year < 70 ? 2000 : 1900;
      return true;
    case 'm':
      return number(in, 2, t.month);
    case 'd':
    case 'e':
      return number(in, 2, t.day);
    case 'j':
      return number(in, 3, out.day_of_year) && out.day_of_year > 0;
    case 'H':
      return number(in, 2, t.hour);
    case 'I':
      out.twelve_hours = true;
      return number(in, 2, t.hour) && t.hour >= 1 && t.hour <= 12;
    case 'M':
      return number(in, 2, t.minute);
    case 'S':
      return number(in, 2, t.second);
    case 'p':
      out.afternoon = in.word_in_any_case("pm");
      return out.afternoon || in.word_in_any_case("am");
    case 'b':
    case 'h':
    case 'B': {
      const auto month = name(in, month_names);
      t.month = month.value_or(0) + 1;
      return month.has_value();
    }
    case 'a':
    case 'A':
      return name(in, day_names).has_value();
    case 'u':
    case 'w': {
      unsigned ignored = 0;
      return in.digits(1, ignored);
    }
    case 'F':
      return scan(in, "%Y-%m-%d", out);
    case 'T':
      return scan(in, "%H:%M:%S", out);
    case 'D':
      return scan(in, "%m/%d/%y", out);
    case 'R':
      return scan(in, "%H:%M", out);
    case 's':
      return epoch(in, out);
    case 'L':
    case 'f':
    case 'N':
      return in.fraction(t.nanosecond);
    case 'z':
    case 'Z':
      return read_zone(in, out.east_s);
    default:
      return in.take(directive);  // %%
  }
}

bool is_blank_of_format(std::string_view format, std::size_t at) noexcept {
  return format[at] == ' ' || (format[at] == '%' && at + 1 < format.size() &&
                               (format[at + 1] == 'n' || format[at + 1] == 't'));
}

/// A blank stands for any number of blanks, as strptime has it.
bool scan(time_cursor& in, std::string_view format, scanned& out) noexcept {
  for (std::size_t i = 0; i < format.size(); ++i) {
    char blank = 0;
    if (is_blank_of_format(format, i)) {
      while (in.take_any(" \t\n", blank)) {
      }
      i += format[i] == '%' ? 1 : 0;
    } else if (format[i] == '%' && i + 1 < format.size()) {
      if (!scan_directive(in, format[++i], out)) return false;
    } else if (!in.take(format[i])) {
      return false;
    }
  }
  return true;
}

std::optional<std::int64_t> of_epoch(const scanned& s) noexcept {
  std::int64_t ns = 0;
  const std::int64_t fraction = *s.epoch_s < 0 ? -std::int64_t{s.t.nanosecond} : s.t.nanosecond;
  if (__builtin_mul_overflow(*s.epoch_s, ns_per_second, &ns) ||
      __builtin_add_overflow(ns, fraction, &ns))
    return std::nullopt;
  return ns;
}

std::optional<std::int64_t> of_parts(scanned& s, std::int64_t near_ns) noexcept {
  if (s.twelve_hours) s.t.hour = s.t.hour % 12 + (s.afternoon ? 12 : 0);
  if (s.day_of_year > 0) s.t.month = s.t.day = 1;
  const auto begin = s.has_year ? at_zone(s.t, s.east_s) : in_nearest_year(s.t, s.east_s, near_ns);
  if (!begin || s.day_of_year < 2) return begin;
  std::int64_t ns = 0;
  if (__builtin_add_overflow(*begin, (s.day_of_year - 1) * ns_per_day, &ns)) return std::nullopt;
  return ns;
}

}  // namespace

std::optional<std::int64_t> scan_time(std::string_view text, std::string_view format,
                                      std::int64_t near_ns) noexcept {
  time_cursor in{text};
  scanned found;
  if (!scan(in, format, found) || !in.at_end()) return std::nullopt;
  return found.epoch_s ? of_epoch(found) : of_parts(found, near_ns);
}

bool names_a_day(std::string_view format) noexcept {
  bool month = false;
  bool day = false;
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char c = format[++i];
    month = month || std::string_view{"mbhBFDsj"}.contains(c);
    day = day || std::string_view{"deFDsj"}.contains(c);
  }
  return month && day;
}

}  // namespace weir
