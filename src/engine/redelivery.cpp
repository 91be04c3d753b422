#include "engine/redelivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/duration.hpp"

namespace weir {
namespace {

bool may_try_again(const delivery_error& why) noexcept {
  using enum delivery_error::kind;
  return why.what == refused || why.what == unknown;
}

backoff_schedule waits_of(const retry_policy& policy) {
  const backoff_policy endless{.first = policy.first,
                               .longest = policy.longest,
                               .budget = retry_policy::for_ever,
                               .attempts_max = std::numeric_limits<int>::max()};
  return backoff(endless, policy.chance);
}

}  // namespace

bool redelivery::wait_for_another(delivery_error& why) {
  if (!may_try_again(why)) return false;
  if (!open_) open_circuit();
  const time_point now = with_.time->now();
  const time_point last = std::min(last_attempt(), draining_.until());
  if (now >= last) {
    give_up(why);
    return false;
  }
  const auto* const wait = open_->waits.next(why.retry_after);
  const time_point next = std::min(last, now + *wait);
  if (next - open_->since >= silent_wait) announce(why);
  draining_.wait(-1, next);
  return true;
}

void redelivery::open_circuit() {
  open_.emplace(outage{.since = with_.time->now(), .waits = waits_of(policy_)});
}

void redelivery::close_circuit() {
  if (!open_) return;
  if (open_->said) {
    policy_.say(fmt::format("going on after {}: {}",
                            format_seconds(with_.time->now() - open_->since), place_));
  }
  open_.reset();
}

time_point redelivery::last_attempt() const {
  if (policy_.give_up_after == retry_policy::for_ever) return never;
  return open_->since + policy_.give_up_after;
}

void redelivery::give_up(delivery_error& why) const {
  if (with_.time->now() >= draining_.until()) {
    why.message = fmt::format("{}: {}", drain_limit::exceeded, why.message);
    why.code = exit_code::interrupted;
    return;
  }
  why.message += fmt::format("; gave up after {} (--give-up-after sets how long)",
                             format_seconds(with_.time->now() - open_->since));
}

void redelivery::announce(const delivery_error& why) {
  if (open_->said || !policy_.say) return;
  open_->said = true;
  const std::string limit = policy_.give_up_after == retry_policy::for_ever
                                ? "until it goes on"
                                : "for " + format_duration(policy_.give_up_after);
  policy_.say(
      fmt::format("waiting: {}; nothing is read meanwhile, tried again {}", why.message, limit));
}

}  // namespace weir
