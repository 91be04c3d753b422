#include "net/http_client.hpp"

#include <chrono>
#include <utility>

#include "base/drain_limit.hpp"
#include "net/curl_loop.hpp"
#include "net/http_exchange.hpp"

namespace weir {

http_client::http_client(http_options options, clock& time, interrupt& wake, once_stopped then)
    : options_(std::move(options)),
      then_(then),
      loop_(std::make_unique<curl_loop>(time, wake, options_.at_once)) {}

http_client::http_client(http_options options, const http_client& like)
    : http_client(std::move(options), like.time(), like.wake(), like.then_) {}

http_client::~http_client() = default;

clock& http_client::time() const noexcept {
  return loop_->time();
}

interrupt& http_client::wake() const noexcept {
  return loop_->wake();
}

std::unique_ptr<http_exchange> http_client::start(http_request what) {
  return std::make_unique<http_exchange>(std::move(what), options_, *loop_);
}

bool http_client::may_go_on() const {
  const bool wanted = !options_.is_over || !options_.is_over();
  if (then_ == once_stopped::ends) return wanted && !wake().stopped();
  return !drain_limit(time(), wake()).is_over();
}

http_failure http_client::broken_off(const std::string& whom) const {
  using enum http_failure::kind;
  if (then_ == once_stopped::delivers) return {.what = unknown, .message = whom + ": no answer"};
  return {.what = interrupted, .message = whom + ": interrupted", .lasting = true};
}

void http_client::turn(time_point until) {
  if (loop_->turn(until) == curl_loop::turned::interrupted) loop_->turn_undisturbed();
}

bool http_client::pause(time_point until) {
  while (may_go_on() && time().now() < until) {
    if (time().wait_readable(-1, wake(), until) == clock::woken::interrupted)
      loop_->turn_undisturbed();
  }
  return may_go_on();
}

http_result<http_response> http_client::fetch(http_request what, std::size_t most_bytes) {
  const std::string url = shown_url(what.url);
  const auto exchange = start(std::move(what));
  while (!exchange->await_text(never, most_bytes)) {
    if (!may_go_on()) return std::unexpected(broken_off(url));
    loop_->turn_undisturbed();
  }
  return exchange->take_answer();
}

}  // namespace weir
