#include "net/http_retry.hpp"

#include <algorithm>
#include <utility>

#include "base/duration.hpp"

namespace weir {
namespace {

/// How long one goes on through a nudge, which lasts, before looking for a stop.
constexpr auto undisturbed_time = std::chrono::milliseconds{10};

}  // namespace

bool may_retry(const http_failure& why, bool repeatable) noexcept {
  if (why.lasting) return false;
  switch (why.what) {
    case http_failure::kind::unsent:
      return true;
    case http_failure::kind::unknown:
      return repeatable;
    case http_failure::kind::status:
      return repeatable || why.status == 429 || why.status == 503;
    case http_failure::kind::interrupted:
      return false;
  }
  std::unreachable();
}

retry_times::retry_times(const http_client& client, const backoff_policy& policy,
                         uniform_chance chance)
    : client_(client),
      since_(client.time().now()),
      patience_(policy.budget),
      waits_(backoff(policy, std::move(chance))) {}

std::optional<time_point> retry_times::next(const http_failure& why) {
  const time_point now = client_.time().now();
  if (now - since_ >= patience_) return std::nullopt;
  const auto* const wait = waits_.next(why.retry_after);
  if (wait == nullptr) return std::nullopt;
  const time_point then = now + *wait;
  const auto& told = client_.options().on_wait;
  if (told && then - since_ >= silent_wait) told(why);
  return then;
}

patient_fetch::patient_fetch(http_client& client, plan how)
    : client_(client), how_(std::move(how)) {}

bool patient_fetch::await(time_point until) {
  while (!outcome_) {
    if (!exchange_) {
      if (!await_retry(until)) return false;
      ask();
    } else {
      if (!exchange_->await_text(until, how_.most_bytes)) return false;
      take_answer();
    }
  }
  return true;
}

bool patient_fetch::await_retry(time_point until) {
  clock& time = client_.time();
  if (time.now() >= retry_at_) return true;
  time.wait_readable(-1, client_.wake(), std::min(until, retry_at_));
  return time.now() >= retry_at_;
}

void patient_fetch::ask() {
  auto what = how_.make();
  if (!what) {
    outcome_ = std::unexpected(std::move(what.error()));
    return;
  }
  repeatable_ = is_repeatable(*what);
  exchange_ = client_.start(std::move(*what));
}

void patient_fetch::take_answer() {
  const auto done = std::exchange(exchange_, nullptr);
  if (const http_failure* const why = done->failure()) return try_again_or_fail(*why);
  const http_head& head = *done->head();
  if (head.status < 300) {
    outcome_ = http_response{head, std::move(done->text()), done->url()};
    return;
  }
  const error_story story = how_.read_error ? how_.read_error(head, done->text()) : error_story{};
  if (story.mended && !std::exchange(mended_, true)) return;
  auto why = failed_status(done->url(), head, client_.time().wall_ns(), story.detail);
  why.code = story.code;
  try_again_or_fail(std::move(why));
}

void patient_fetch::try_again_or_fail(http_failure why) {
  latest_ = std::move(why);
  if (!retries_) retries_.emplace(client_, how_.patience, how_.chance);
  const auto next = may_retry(latest_, repeatable_) ? retries_->next(latest_) : std::nullopt;
  if (next)
    retry_at_ = *next;
  else
    outcome_ = std::unexpected(latest_);
}

http_result<http_response> fetch_patiently(http_client& client, const request_maker& make,
                                           const backoff_policy& policy, uniform_chance chance,
                                           const error_reader& read_error, std::size_t most_bytes) {
  patient_fetch fetch(client, {.make = make,
                               .patience = policy,
                               .chance = std::move(chance),
                               .read_error = read_error,
                               .most_bytes = most_bytes});
  while (!fetch.await(never)) {
    if (client.pause(client.time().now() + undisturbed_time)) continue;
    const http_failure& latest = fetch.latest_failure();
    const bool answered = latest.what != http_failure::kind::interrupted;
    return std::unexpected(answered ? latest : client.broken_off("the server"));
  }
  return std::move(fetch.outcome());
}

}  // namespace weir
