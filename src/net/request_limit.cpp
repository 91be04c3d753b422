#include "net/request_limit.hpp"

#include <algorithm>

namespace weir {

request_limit::request_limit(std::size_t most)
    : most_(static_cast<double>(std::max<std::size_t>(most, 1))), limit_(most_) {}

std::size_t request_limit::now() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(limit_);
}

request_limit::turn request_limit::try_take() {
  const std::lock_guard lock(mutex_);
  if (taken_ >= static_cast<std::size_t>(limit_)) return nullptr;
  ++taken_;
  return turn{this};
}

void request_limit::giver_back::operator()(request_limit* to) const {
  const std::lock_guard lock(to->mutex_);
  --to->taken_;
}

std::uint64_t request_limit::round() const {
  const std::lock_guard lock(mutex_);
  return round_;
}

void request_limit::went_well() {
  const std::lock_guard lock(mutex_);
  limit_ = std::min(most_, limit_ + 1 / limit_);
}

void request_limit::was_too_much(std::uint64_t round) {
  const std::lock_guard lock(mutex_);
  if (round != round_) return;
  ++round_;
  limit_ = std::max(1.0, limit_ / 2);
}

}  // namespace weir
