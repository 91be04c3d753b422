#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/source.hpp"

namespace weir {

/// How a run uses the machine, by the size of its input.
enum class strategy : std::uint8_t {
  array,      ///< small: all on one thread, nothing to start up
  chunked,    ///< moderate: two lanes, so that one reads while the other works
  streaming,  ///< large, unknown or endless: as many lanes as there are cores
};

std::string_view name_of(strategy s) noexcept;
std::optional<strategy> strategy_named(std::string_view name) noexcept;

struct strategy_choice {
  strategy chosen;
  std::string reason;  ///< for `explain`: "about 4,100 records (1.0 MB in 1 file)"
};

/// Fewer than 10,000 records: array. Up to a million: chunked. More, unknown or endless: streaming.
/// Where only bytes are seen and nothing could be sampled, a record is taken to have 240.
strategy_choice choose_strategy(const estimate& seen);

/// 310 MB, 1.2 GB: as people read sizes.
std::string readable_bytes(std::uint64_t bytes);
/// 1,234,567
std::string readable_count(std::uint64_t n);

}  // namespace weir
