#include "net/backoff.hpp"

#include <algorithm>
#include <memory>
#include <random>

namespace weir {

using std::chrono::nanoseconds;

/// Seeded when it is first asked: every object has one, and few ever have to wait.
uniform_chance real_chance() {
  return [bits = std::shared_ptr<std::mt19937_64>{}]() mutable {
    if (!bits) bits = std::make_shared<std::mt19937_64>(std::random_device{}());
    return std::generate_canonical<double, 53>(*bits);
  };
}

backoff_schedule backoff(backoff_policy policy, uniform_chance chance) {
  nanoseconds most = policy.first;
  nanoseconds left = policy.budget;
  for (int attempt = 1; attempt < policy.attempts_max; ++attempt) {
    const std::optional<nanoseconds> asked = co_await request;
    const auto drawn = std::chrono::duration<double, std::nano>(most) * chance();
    const auto asked_for = asked.value_or(nanoseconds{0});
    if (left == nanoseconds{0} || asked_for > left) co_return;
    const auto wait =
        std::max(std::min(std::chrono::duration_cast<nanoseconds>(drawn), left), asked_for);
    left -= wait;
    most = std::min(most * 2, policy.longest);
    co_yield wait;
  }
}

}  // namespace weir
