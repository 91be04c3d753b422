#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Reads a duration: `2s`, `150ms`, `1.5s`, `1h30m`, `7d`, or `0`. The units are ns, us, ms, s, m,
/// h, d and w, each at most once, from large to small. Nothing if `text` is something else, has no
/// unit, is finer than a nanosecond or too long for nanoseconds in 64 bits. Never negative.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept;

/// The same as text that `parse_duration` reads back: `1h30m`, `1s500ms`, `0s`. A negative duration
/// gets a minus sign.
std::string format_duration(std::chrono::nanoseconds d);
/// The same for people: to the second.
std::string format_seconds(std::chrono::nanoseconds d);

/// A wait that is over within this time is not worth a word.
inline constexpr std::chrono::seconds silent_wait{1};

}  // namespace weir
