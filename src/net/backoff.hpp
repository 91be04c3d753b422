#pragma once
#include <chrono>
#include <functional>
#include <optional>

#include "weir/generator.hpp"

namespace weir {

/// How patiently to try again.
struct backoff_policy {
  std::chrono::nanoseconds first = std::chrono::milliseconds{100};
  std::chrono::nanoseconds longest = std::chrono::seconds{20};
  /// All waits together; the last is as long as what is left of it. Then one gives up.
  std::chrono::nanoseconds budget = std::chrono::seconds{60};
  int attempts_max = 8;  ///< the first one included
};

/// Chance: a number from 0 up to, not including, 1.
using uniform_chance = std::function<double()>;
/// Seeded anew for each process.
uniform_chance real_chance();

/// How long to wait before the next attempt; the request is what the server asked for, if it did.
/// At the end of the schedule there is no further attempt.
using backoff_schedule =
    generator<const std::chrono::nanoseconds, std::optional<std::chrono::nanoseconds>>;

/// Exponential back-off with full jitter: a random part of a time that doubles, so that clients
/// which failed together do not come back together. Never less than what the server asked for.
backoff_schedule backoff(backoff_policy policy, uniform_chance chance);

}  // namespace weir
