#include "cli/rates.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/duration.hpp"

namespace weir {

std::uint64_t per_second(std::uint64_t amount, double seconds) {
  if (seconds <= 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(amount) / seconds);
}

std::string readable_rate(std::uint64_t amount, double seconds) {
  const double rate = static_cast<double>(per_second(amount, seconds));
  if (rate < 1e4) return fmt::format("{:.0f}", rate);
  if (rate < 1e6) return fmt::format("{:.0f} k", rate / 1e3);
  return fmt::format("{:.1f} M", rate / 1e6);
}

std::string readable_seconds(double seconds) {
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  return format_duration(std::chrono::seconds{std::llround(seconds)});
}

}  // namespace weir
