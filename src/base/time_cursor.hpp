#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "base/time_zones.hpp"

namespace weir {

// What the readers of times share.

/// Reads pieces of a time from the front of a text. Each reader returns false, or 0 digits, where
/// the text goes on differently.
class time_cursor {
 public:
  explicit time_cursor(std::string_view text) noexcept : rest_(text) {}

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

  bool word_in_any_case(std::string_view w) noexcept {
    if (rest_.size() < w.size()) return false;
    for (std::size_t i = 0; i < w.size(); ++i) {
      if (lower_case(rest_[i]) != lower_case(w[i])) return false;
    }
    rest_.remove_prefix(w.size());
    return true;
  }

  /// Skips what stands in front of the next `end`, and `end`; all of it if there is none.
  void skip_to(char end) noexcept {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + 1);
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

inline bool read_zone_name(time_cursor& in, std::int64_t& east_s) noexcept {
  for (const named_zone& z : named_zones) {
    if (!in.word(z.name)) continue;
    east_s = z.east_minutes * std::int64_t{60};
    return true;
  }
  return false;
}

/// `Z`, `CET`, `+02`, `+0200`, `+02:00`: seconds east of UTC.
inline bool read_zone(time_cursor& in, std::int64_t& east_s) noexcept {
  char sign = 0;
  if (in.take_any("Zz", sign)) return true;
  if (!in.take_any("+-", sign)) return read_zone_name(in, east_s);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!in.digits(2, hours)) return false;
  const bool has_minutes = in.take(':') || in.next_is_digit();
  if (has_minutes && !in.digits(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  east_s = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  return true;
}

/// The instant at which it is `t` in a zone `east_s` seconds east of UTC.
inline std::optional<std::int64_t> at_zone(const civil_time& t, std::int64_t east_s) noexcept {
  const auto local = from_civil(t);
  std::int64_t ns = 0;
  if (!local || __builtin_sub_overflow(*local, east_s * ns_per_second, &ns)) return std::nullopt;
  return ns;
}

/// The same for a time without a year: that of the year which puts it nearest to `near_ns`.
inline std::optional<std::int64_t> in_nearest_year(civil_time t, std::int64_t east_s,
                                                   std::int64_t near_ns) noexcept {
  const auto distance = [near_ns](std::int64_t ns) {
    return ns < near_ns ? static_cast<std::uint64_t>(near_ns) - static_cast<std::uint64_t>(ns)
                        : static_cast<std::uint64_t>(ns) - static_cast<std::uint64_t>(near_ns);
  };
  const std::int64_t year = to_civil(near_ns).year;
  std::optional<std::int64_t> nearest;
  for (t.year = year - 1; t.year <= year + 1; ++t.year) {
    const auto ns = at_zone(t, east_s);
    if (ns && (!nearest || distance(*ns) < distance(*nearest))) nearest = ns;
  }
  return nearest;
}

}  // namespace weir
