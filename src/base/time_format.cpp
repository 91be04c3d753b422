#include <array>

#include "base/time.hpp"
#include "base/time_names.hpp"

namespace weir {
namespace {

void append_padded(std::uint64_t n, std::size_t width, std::string& out, char pad = '0') {
  const std::string digits = std::to_string(n);
  if (digits.size() < width) out.append(width - digits.size(), pad);
  out += digits;
}

void append_date(const civil_time& t, std::string& out) {
  append_padded(static_cast<std::uint64_t>(t.year), 4, out);
  out += '-';
  append_padded(t.month, 2, out);
  out += '-';
  append_padded(t.day, 2, out);
}

void append_clock(const civil_time& t, std::string& out) {
  append_padded(t.hour, 2, out);
  out += ':';
  append_padded(t.minute, 2, out);
  out += ':';
  append_padded(t.second, 2, out);
}

/// The shortest of 3, 6 or 9 digits that is exact; nothing for a whole second.
void append_fraction(std::uint32_t nanosecond, std::string& out) {
  if (nanosecond == 0) return;
  out += '.';
  if (nanosecond % 1'000'000 == 0) return append_padded(nanosecond / 1'000'000, 3, out);
  if (nanosecond % 1'000 == 0) return append_padded(nanosecond / 1'000, 6, out);
  append_padded(nanosecond, 9, out);
}

unsigned twelve_hour(unsigned hour) noexcept {
  return hour % 12 == 0 ? 12 : hour % 12;
}

std::int64_t floor_seconds(std::int64_t ns) noexcept {
  return ns / ns_per_second - (ns % ns_per_second < 0 ? 1 : 0);
}

constexpr std::string_view directives = "YmdeHIMSpyjbhBaAuwFTDRsLfNzZnt%";

void append_directive(char directive, std::int64_t ns, const civil_time& t, std::string& out) {
  switch (directive) {
    case 'Y':
      return append_padded(static_cast<std::uint64_t>(t.year), 4, out);
    case 'm':
      return append_padded(t.month, 2, out);
    case 'd':
      return append_padded(t.day, 2, out);
    case 'e':
      return append_padded(t.day, 2, out, ' ');
    case 'H':
      return append_padded(t.hour, 2, out);
    case 'I':
      return append_padded(twelve_hour(t.hour), 2, out);
    case 'M':
      return append_padded(t.minute, 2, out);
    case 'S':
      return append_padded(t.second, 2, out);
    case 'p':
      out += t.hour < 12 ? "AM" : "PM";
      return;
    case 'y':
      return append_padded(static_cast<std::uint64_t>(t.year % 100), 2, out);
    case 'j':
      return append_padded(day_of_year(ns), 3, out);
    case 'b':
    case 'h':
      out += month_names[t.month - 1].substr(0, 3);
      return;
    case 'B':
      out += month_names[t.month - 1];
      return;
    case 'a':
      out += day_names[weekday(ns)].substr(0, 3);
      return;
    case 'A':
      out += day_names[weekday(ns)];
      return;
    case 'u':
      out += std::to_string(weekday(ns) == 0 ? 7 : weekday(ns));
      return;
    case 'w':
      out += std::to_string(weekday(ns));
      return;
    case 'F':
      return append_date(t, out);
    case 'T':
      return append_clock(t, out);
    case 'D':
      return format_time(ns, "%m/%d/%y", out);
    case 'R':
      return format_time(ns, "%H:%M", out);
    case 's':
      out += std::to_string(floor_seconds(ns));
      return;
    case 'L':
      return append_padded(t.nanosecond / 1'000'000, 3, out);
    case 'f':
      return append_padded(t.nanosecond / 1'000, 6, out);
    case 'N':
      return append_padded(t.nanosecond, 9, out);
    case 'z':
      out += "+0000";
      return;
    case 'Z':
      out += "UTC";
      return;
    case 'n':
      out += '\n';
      return;
    case 't':
      out += '\t';
      return;
    case '%':
      out += '%';
      return;
    default:
      out += '%', out += directive;
      return;
  }
}

}  // namespace

void format_rfc3339(std::int64_t ns, std::string& out) {
  const civil_time t = to_civil(ns);
  append_date(t, out);
  out += 'T';
  append_clock(t, out);
  append_fraction(t.nanosecond, out);
  out += 'Z';
}

void format_time(std::int64_t ns, std::string_view format, std::string& out) {
  const civil_time t = to_civil(ns);
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      append_directive(format[++i], ns, t, out);
    } else {
      out += format[i];
    }
  }
}

bool valid_time_format(std::string_view format, std::string_view& bad) noexcept {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (i + 1 == format.size() || directives.find(format[i + 1]) == std::string_view::npos) {
      bad = format.substr(i, 2);
      return false;
    }
    ++i;
  }
  return true;
}

}  // namespace weir
