#include <chrono>

#include "base/time.hpp"

namespace weir {
namespace {

std::int64_t floor_days(std::int64_t ns) noexcept {
  return ns / ns_per_day - (ns % ns_per_day < 0 ? 1 : 0);
}

std::chrono::year_month_day date_of(std::int64_t ns) noexcept {
  return std::chrono::sys_days{std::chrono::days{floor_days(ns)}};
}

bool in_ranges(const civil_time& t) noexcept {
  return t.hour < 24 && t.minute < 60 && t.second <= 60 && t.nanosecond < ns_per_second;
}

}  // namespace

civil_time to_civil(std::int64_t ns) noexcept {
  const auto date = date_of(ns);
  // Unsigned, because the first day that int64 reaches begins before it.
  const auto in_day = static_cast<std::uint64_t>(ns) -
                      static_cast<std::uint64_t>(floor_days(ns)) * std::uint64_t{ns_per_day};
  const auto second = static_cast<unsigned>(in_day / ns_per_second);
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = second / 3600,
          .minute = second / 60 % 60,
          .second = second % 60,
          .nanosecond = static_cast<std::uint32_t>(in_day % ns_per_second)};
}

std::optional<std::int64_t> from_civil(const civil_time& t) noexcept {
  if (t.year < 1677 || t.year > 2262 || !in_ranges(t)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(t.year)},
                                         std::chrono::month{t.month}, std::chrono::day{t.day}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t second = days * 86'400 + t.hour * 3600 + t.minute * 60 + t.second;
  // A negative second and its fraction may fit together where the second alone does not.
  const std::int64_t borrow = second < 0 ? 1 : 0;
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(second + borrow, ns_per_second, &ns) ||
      __builtin_add_overflow(ns, static_cast<std::int64_t>(t.nanosecond) - borrow * ns_per_second,
                             &ns)) {
    return std::nullopt;
  }
  return ns;
}

unsigned weekday(std::int64_t ns) noexcept {
  return std::chrono::weekday{std::chrono::sys_days{std::chrono::days{floor_days(ns)}}}
      .c_encoding();
}

unsigned day_of_year(std::int64_t ns) noexcept {
  const std::chrono::sys_days new_year = date_of(ns).year() / std::chrono::January / 1;
  return static_cast<unsigned>(floor_days(ns) - new_year.time_since_epoch().count()) + 1;
}

}  // namespace weir
