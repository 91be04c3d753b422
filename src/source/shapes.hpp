#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "source/random.hpp"

namespace weir {

/// One kind of synthetic log.
struct log_shape {
  std::string_view name;
  /// Writes the line of one record, without its end, to `to`, which has room for `line_bytes_max`.
  /// Returns its end. `at_ns` is its time, nanoseconds since 1970.
  char* (*write)(char* to, std::int64_t at_ns, record_random& random);
};

inline constexpr std::size_t line_bytes_max = 1024;

/// gateway (JSON lines of an API gateway), nginx (combined), syslog (RFC 3164), app (plain text).
std::span<const log_shape> log_shapes() noexcept;
/// The shape of that name, or nullptr.
const log_shape* find_shape(std::string_view name) noexcept;

/// Spoils a line in one of several ways, each of which a strict parser refuses: cut short, a byte
/// that is not UTF-8, a control character, text around it, two of them on one line. Returns its new
/// end, at most `line_bytes_max` after `line`.
char* spoil(char* line, char* end, record_random& random);

}  // namespace weir
