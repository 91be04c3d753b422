#include "sink/http_delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "weir/batch.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// A larger answer is cut off: nobody reads it.
constexpr std::size_t answer_bytes_max = 1 << 20;
/// Reasons of the server's own words that are told apart; beyond, only their status counts.
constexpr std::size_t reasons_max = 100;
/// How long requests on their way are left alone while nothing comes in.
constexpr auto glance = 10ms;

}  // namespace

http_delivery::http_delivery(http_form form, http_options options, http_pace pace)
    : form_(std::move(form)), options_(std::move(options)), pace_(pace), limit_(pace.at_once) {
  options_.at_once = pace.at_once;
}

void http_delivery::open(const context& with) {
  with_ = &with;
  client_.emplace(options_, *with.time, *with.wake, http_client::once_stopped::delivers);
  bodies_.emplace(with.pool->shared_ceiling());
}

std::uint64_t http_delivery::resume(const context& with, const sink_memory& memory) {
  open(with);
  form_.belong_to(std::string{memory.last.pipeline});
  return memory.last.entry;
}

std::string http_delivery::guarantee() const {
  const std::string promise =
      "at least once: a request whose answer was lost is sent again, with the same Idempotency-Key";
  if (pace_.at_once == 1) return promise;
  return fmt::format("{}; up to {} requests at a time, which may arrive in another order", promise,
                     pace_.at_once);
}

/// A group ends with waiting for all answers, so it has room for many requests.
commit_group http_delivery::groups() const noexcept {
  if (pace_.at_once == 1) return {};
  return {.bytes = std::max<std::size_t>(16, pace_.at_once) << 20, .time = 1s};
}

delivery http_delivery::write(const batch& records) {
  if (!std::exchange(batch_is_in_, true)) {
    const std::size_t first = group_.size();
    group_.add(records);
    if (group_.size() > first) left_.emplace(first, group_.size());
  }
  delivery done = go_on(goal::room);
  batch_is_in_ = !done;
  return done;
}

time_point http_delivery::due() const noexcept {
  return on_way_.empty() ? never : looked_ + glance;
}

delivery http_delivery::on_due() {
  client_->turn(with_->time->now());
  return go_on(goal::what_can_be_done);
}

std::expected<prepared, delivery_error> http_delivery::prepare() {
  if (delivery done = go_on(goal::all); !done) return std::unexpected(std::move(done.error()));
  group_.settle();
  return prepared{.token = {}, .refused = group_.refused()};
}

delivery http_delivery::commit(const commit_point&) {
  group_.clear();
  return {};
}

// ---- One step after the other ----

delivery http_delivery::go_on(goal to) {
  for (;;) {
    take_answers();
    looked_ = with_->time->now();
    if (is_to_be_told()) return std::unexpected(tell());
    if (may_send()) {
      if (!client_->may_go_on()) return std::unexpected(out_of_time());
      send();
    } else if (is_reached(to)) {
      return {};
    } else if (!client_->may_go_on()) {
      return std::unexpected(out_of_time());
    } else {
      client_->turn(left_.empty() || next_request_ <= looked_ ? never : next_request_);
    }
  }
}

/// While the server is in trouble, a call that returned well would say that it is over.
bool http_delivery::is_reached(goal to) const {
  if (failure_) return false;
  const bool all = left_.empty() && on_way_.empty();
  if (in_trouble_ || to == goal::all) return all;
  return to == goal::what_can_be_done || (left_.empty() && on_way_.size() < limit_.now());
}

/// What is on its way may end without another; so a full memory cannot stop the last one.
bool http_delivery::may_send() const {
  if (failure_ || left_.empty() || looked_ < next_request_) return false;
  if (on_way_.empty()) return true;
  return !in_trouble_ && on_way_.size() < limit_.now() && !with_->pool->ceiling().exhausted();
}

/// The oldest rows first.
void http_delivery::send() {
  const auto [first, last] = *left_.begin();
  http_request request = form_.with(group_.rows().subspan(first, last - first), in_trouble_);
  parcel p{.rows = {first, last},
           .body_bytes = request.body.size(),
           .round = limit_.round(),
           .exchange = client_->start(std::move(request))};
  // It sends what the network takes at once. Its answer is gathered whenever the client turns.
  p.exchange->await_text(looked_, answer_bytes_max);
  on_way_.push_back(std::move(p));
  left_.erase(left_.begin());
  next_request_ = looked_ + pace_.pause;
  charge_bodies();
}

void http_delivery::take_answers() {
  const auto is_open = [](const parcel& p) { return !p.exchange->has_ended(); };
  const auto answered = std::ranges::partition(on_way_, is_open);
  if (answered.empty()) return;
  for (parcel& p : answered) take_answer(p);
  on_way_.erase(answered.begin(), answered.end());
  charge_bodies();
}

void http_delivery::take_answer(parcel& p) {
  http_outcome got = outcome_of(p.exchange->take_answer(), form_.url(), with_->time->wall_ns());
  if (got.is == http_outcome::kind::failed) {
    left_.emplace(p.rows.first, p.rows.last);
    limit_.was_too_much(p.round);
    return note_failure(std::move(got.why));
  }
  limit_.went_well();
  in_trouble_ = false;
  if (got.is == http_outcome::kind::not_these) refuse(p.rows, std::move(got.reason));
}

/// The one bad record of a range is found by halves; the others arrive on the way.
void http_delivery::refuse(row_range which, std::string reason) {
  if (which.last - which.first == 1) return group_.refuse(which.first, bounded(std::move(reason)));
  const std::size_t middle = std::midpoint(which.first, which.last);
  left_.emplace(which.first, middle);
  left_.emplace(middle, which.last);
}

std::string http_delivery::bounded(std::string reason) {
  if (std::ranges::find(reasons_, reason) != reasons_.end()) return reason;
  if (reasons_.size() >= reasons_max) return reason.substr(0, reason.find(':'));
  return reasons_.emplace_back(std::move(reason));
}

// ---- When it fails ----

/// Of several failures the first is told, unless another is for good, with the longest wait.
void http_delivery::note_failure(delivery_error why) {
  if (!failure_ || why.what == delivery_error::kind::broken) {
    if (failure_ && !why.retry_after) why.retry_after = failure_->retry_after;
    failure_ = std::move(why);
  } else {
    failure_->retry_after = std::max(failure_->retry_after, why.retry_after);
  }
}

bool http_delivery::is_to_be_told() const {
  return failure_ && (on_way_.empty() || failure_->what == delivery_error::kind::broken);
}

delivery_error http_delivery::tell() {
  in_trouble_ = true;
  delivery_error why = std::move(*failure_);
  failure_.reset();
  return why;
}

/// The grace of the drain is over: what is on its way is given up.
delivery_error http_delivery::out_of_time() {
  const bool waits = !on_way_.empty();
  for (const parcel& p : on_way_) left_.emplace(p.rows.first, p.rows.last);
  on_way_.clear();
  charge_bodies();
  return {.what = waits ? delivery_error::kind::unknown : delivery_error::kind::refused,
          .message = shown_url(form_.url()) +
                     (waits ? ": no answer" : ": no time is left for another request"),
          .code = exit_code::unavailable};
}

void http_delivery::charge_bodies() {
  bodies_->hold(std::transform_reduce(on_way_.begin(), on_way_.end(), std::size_t{0}, std::plus{},
                                      [](const parcel& p) { return p.body_bytes; }));
}

}  // namespace weir
