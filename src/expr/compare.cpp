#include "expr/compare.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace weir::expr {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;

/// Without converting the integer, which double may not hold.
std::partial_ordering compare_exactly(std::int64_t i, double d) noexcept {
  if (std::isnan(d)) return std::partial_ordering::unordered;
  if (d >= two_to_63) return std::partial_ordering::less;
  if (d < -two_to_63) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(d);
  if (i != whole) return i <=> whole;
  return 0.0 <=> d - static_cast<double>(whole);
}

/// A number as 0.d1d2d3... times ten to `exponent`, without leading or trailing zeros.
struct digits {
  bool negative = false;
  std::int64_t exponent = 0;
  std::string significant;  ///< empty for zero
};

/// The number after the e, kept within what cannot overflow: no text is long enough to reach it.
std::int64_t read_exponent(std::string_view text) noexcept {
  constexpr std::int64_t huge = std::int64_t{1} << 60;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t n = 0;
  for (const char c : text) n = std::min(n * 10 + (c - '0'), huge / 10);
  return negative ? -n : n;
}

digits take_apart(std::string_view number) {
  digits out;
  out.negative = number.starts_with('-');
  if (out.negative) number.remove_prefix(1);
  if (const auto e = number.find_first_of("eE"); e != std::string_view::npos) {
    out.exponent = read_exponent(number.substr(e + 1));
    number = number.substr(0, e);
  }
  const auto point = std::min(number.find('.'), number.size());
  out.significant = number.substr(0, point);
  if (point < number.size()) out.significant += number.substr(point + 1);
  out.exponent += static_cast<std::int64_t>(point);
  const auto first = std::min(out.significant.find_first_not_of('0'), out.significant.size());
  out.significant.erase(0, first);
  out.exponent -= static_cast<std::int64_t>(first);
  out.significant.erase(out.significant.find_last_not_of('0') + 1);
  return out;
}

std::strong_ordering compare_magnitudes(const digits& a, const digits& b) noexcept {
  if (a.exponent != b.exponent) return a.exponent <=> b.exponent;
  return a.significant <=> b.significant;
}

std::strong_ordering compare_digits(const digits& a, const digits& b) noexcept {
  if (a.significant.empty() && b.significant.empty()) return std::strong_ordering::equal;
  if (a.significant.empty())
    return b.negative ? std::strong_ordering::greater : std::strong_ordering::less;
  if (b.significant.empty())
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

/// The exact decimal expansion of any number. A double has at most 767 significant digits.
digits exact_digits(const value& v) {
  if (v.type == kind::decimal) return take_apart(v.text);
  char text[800];
  const auto end = v.type == kind::integer ? std::to_chars(text, text + sizeof text, v.integer)
                                           : std::to_chars(text, text + sizeof text, v.real,
                                                           std::chars_format::scientific, 766);
  return take_apart({text, end.ptr});
}

std::partial_ordering reversed(std::partial_ordering o) noexcept {
  return 0 <=> o;
}

std::partial_ordering mismatch(scratch& s) noexcept {
  ++s.type_mismatches;
  return std::partial_ordering::unordered;
}

}  // namespace

std::partial_ordering compare_numbers(const value& a, const value& b) {
  if (a.type == kind::integer && b.type == kind::integer) return a.integer <=> b.integer;
  if (a.type == kind::real && b.type == kind::real) return a.real <=> b.real;
  if (a.type == kind::decimal || b.type == kind::decimal) {
    return compare_digits(exact_digits(a), exact_digits(b));
  }
  if (a.type == kind::integer) return compare_exactly(a.integer, b.real);
  return reversed(compare_exactly(b.integer, a.real));
}

std::partial_ordering compare(const value& a, const value& b, scratch& s) {
  if (a.is_null() || b.is_null()) return std::partial_ordering::unordered;
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.type != b.type) return mismatch(s);
  switch (a.type) {
    case kind::string:
      return s.content(a) <=> s.content(b);
    case kind::boolean:
      return a.boolean <=> b.boolean;
    case kind::time:
      return a.integer <=> b.integer;
    default:
      return mismatch(s);
  }
}

}  // namespace weir::expr
