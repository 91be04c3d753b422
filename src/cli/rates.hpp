#pragma once
#include <cstdint>
#include <string>

namespace weir {

/// `amount` divided by `seconds`; 0 for no time at all.
std::uint64_t per_second(std::uint64_t amount, double seconds);
/// How many a second, as people read it: 950, 12 k, 2.1 M.
std::string readable_rate(std::uint64_t amount, double seconds);
/// 0.42 s, 12.3 s, 2m5s
std::string readable_seconds(double seconds);

}  // namespace weir
