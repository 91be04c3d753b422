#include "engine/strategy.hpp"

#include <fmt/format.h>

#include <array>

namespace weir {
namespace {

constexpr std::uint64_t usual_record_bytes = 240;
constexpr std::uint64_t array_below_records = 10'000;
constexpr std::uint64_t chunked_up_to_records = 1'000'000;
constexpr std::array<std::string_view, 3> names{"array", "chunked", "streaming"};

std::uint64_t records_in(std::uint64_t bytes) {
  return (bytes + usual_record_bytes - 1) / usual_record_bytes;
}

}  // namespace

std::string_view name_of(strategy s) noexcept {
  return names[static_cast<std::size_t>(s)];
}

std::optional<strategy> strategy_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<strategy>(i);
  }
  return std::nullopt;
}

strategy_choice choose_strategy(const estimate& seen) {
  if (seen.endless) return {strategy::streaming, "the input is endless"};
  if (!seen.records && !seen.bytes) {
    if (seen.reason.empty()) return {strategy::streaming, "the input's size is unknown"};
    return {strategy::streaming,
            fmt::format("the run does not measure the input beforehand ({})", seen.reason)};
  }
  const std::uint64_t records = seen.records.value_or(records_in(seen.bytes.value_or(0)));
  std::string reason = fmt::format("{}{} records", seen.records && !seen.sampled ? "" : "about ",
                                   readable_count(records));
  if (!seen.reason.empty()) reason += fmt::format(" ({})", seen.reason);
  if (records < array_below_records) return {strategy::array, std::move(reason)};
  if (records <= chunked_up_to_records) return {strategy::chunked, std::move(reason)};
  return {strategy::streaming, std::move(reason)};
}

std::string readable_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
  while (size >= 999.5 && unit + 1 < units.size()) {
    size /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", size, size < 9.95 ? 1 : 0, units[unit]);
}

std::string readable_count(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace weir
