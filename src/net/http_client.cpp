#include "net/http_client.hpp"

#include <chrono>
#include <utility>

#include "net/curl_loop.hpp"
#include "net/http_exchange.hpp"

namespace weir {
namespace {

http_failure interrupted(const std::string& url) {
  return {
      .what = http_failure::kind::interrupted, .message = url + ": interrupted", .lasting = true};
}

}  // namespace

http_client::http_client(http_options options, clock& time, interrupt& wake)
    : options_(std::move(options)), loop_(std::make_unique<curl_loop>(time, wake)) {}

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

bool http_client::pause(time_point until) {
  while (!wake().stopped() && time().now() < until) {
    if (time().wait_readable(-1, wake(), until) == clock::woken::interrupted)
      loop_->turn_undisturbed();
  }
  return !wake().stopped();
}

http_result<http_response> http_client::fetch(http_request what, std::size_t most_bytes) {
  const std::string url = shown_url(what.url);
  const auto exchange = start(std::move(what));
  while (!exchange->await_text(never, most_bytes)) {
    if (wake().stopped()) return std::unexpected(interrupted(url));
    loop_->turn_undisturbed();
  }
  if (const http_failure* const why = exchange->failure()) return std::unexpected(*why);
  return http_response{*exchange->head(), std::move(exchange->text()), exchange->url()};
}

}  // namespace weir
