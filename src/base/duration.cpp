#include "base/duration.hpp"

#include <array>
#include <cstdint>

#include "base/ascii.hpp"

namespace weir {
namespace {

struct unit {
  std::string_view name;
  std::int64_t ns;
};
/// From large to small, which is also the order in which a duration names them.
constexpr std::array<unit, 8> units{{{"w", 604'800'000'000'000},
                                     {"d", 86'400'000'000'000},
                                     {"h", 3'600'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"s", 1'000'000'000},
                                     {"ms", 1'000'000},
                                     {"us", 1'000},
                                     {"ns", 1}}};

std::string_view take_while(std::string_view& text, bool (*wanted)(char)) {
  std::size_t size = 0;
  while (size < text.size() && wanted(text[size])) ++size;
  const auto taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

std::optional<std::int64_t> whole(std::string_view digits, std::int64_t ns) {
  std::int64_t number = 0;
  for (const char c : digits) {
    if (__builtin_mul_overflow(number, 10, &number)) return std::nullopt;
    if (__builtin_add_overflow(number, c - '0', &number)) return std::nullopt;
  }
  if (__builtin_mul_overflow(number, ns, &number)) return std::nullopt;
  return number;
}

/// The digits behind the point. Exact to the nanosecond, or nothing.
std::optional<std::int64_t> fraction(std::string_view digits, std::int64_t ns) {
  constexpr std::size_t most_digits = 18;  // so that the product below fits
  if (digits.size() > most_digits) return std::nullopt;
  __int128 sum = 0, parts = 1;
  for (const char c : digits) {
    sum = sum * 10 + (c - '0');
    parts *= 10;
  }
  sum *= ns;
  if (sum % parts != 0) return std::nullopt;
  return static_cast<std::int64_t>(sum / parts);
}

/// One number with its unit off the front of `text`; `next_unit` becomes the first unit that may
/// follow.
std::optional<std::int64_t> take_part(std::string_view& text, std::size_t& next_unit) {
  const auto digits = take_while(text, is_digit);
  std::string_view decimals;
  if (!digits.empty() && text.starts_with('.')) {
    text.remove_prefix(1);
    decimals = take_while(text, is_digit);
    if (decimals.empty()) return std::nullopt;
  }
  const auto name = take_while(text, [](char c) { return !is_digit(c); });
  if (digits.empty()) return std::nullopt;
  while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
  if (next_unit == units.size()) return std::nullopt;
  const std::int64_t ns = units[next_unit++].ns;
  const auto big = whole(digits, ns);
  const auto small = fraction(decimals, ns);
  std::int64_t sum = 0;
  if (!big || !small || __builtin_add_overflow(*big, *small, &sum)) return std::nullopt;
  return sum;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept {
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto part = take_part(text, next_unit);
    if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
  }
  return std::chrono::nanoseconds{total};
}

std::string format_duration(std::chrono::nanoseconds d) {
  if (d.count() == 0) return "0s";
  std::string out = d.count() < 0 ? "-" : "";
  // Unsigned, because the most negative number has no positive twin.
  auto left = static_cast<std::uint64_t>(d.count());
  if (d.count() < 0) left = 0 - left;
  for (const unit& u : units) {
    const auto ns = static_cast<std::uint64_t>(u.ns);
    if (left < ns) continue;
    out += std::to_string(left / ns);
    out += u.name;
    left %= ns;
  }
  return out;
}

std::string format_seconds(std::chrono::nanoseconds d) {
  return format_duration(std::chrono::round<std::chrono::seconds>(d));
}

}  // namespace weir
