#include "source/sqs_inbox.hpp"

#include <algorithm>
#include <utility>

#include "source/connection.hpp"

namespace weir {
namespace {

using std::chrono::seconds;

/// Waiting less asks only some of the queue's servers, which may know nothing.
constexpr seconds shortest_wait{1};
constexpr seconds longest_wait{20};

}  // namespace

sqs_inbox::sqs_inbox(sqs_queue& queue, http_client& client, held_messages& held, settings how)
    : queue_(queue), client_(client), held_(held), how_(how) {}

bool sqs_inbox::await(time_point until) {
  while (arrived_.empty() && !ended_) {
    if (!receiving_) ask();
    if (!receiving_->await(until)) return false;
    take_answer();
  }
  return true;
}

std::optional<arrival> sqs_inbox::take() {
  if (arrived_.empty()) return std::nullopt;
  arrival next = std::move(arrived_.front());
  arrived_.pop_front();
  return next;
}

void sqs_inbox::ask() {
  const time_point now = client_.time().now();
  if (!quiet_since_) quiet_since_ = now;
  seconds wait = longest_wait;
  if (how_.idle) {
    const auto left = *how_.idle - (now - *quiet_since_);
    wait = std::clamp(std::chrono::ceil<seconds>(left), shortest_wait, longest_wait);
  }
  receiving_.emplace(
      client_,
      queue_.receive(client_, {.most = how_.most, .wait = wait, .visibility = how_.visibility}));
}

void sqs_inbox::take_answer() {
  auto answer = std::move(receiving_->outcome());
  receiving_.reset();
  if (!answer) throw as_error(answer.error());
  auto messages = sqs_queue::messages_in(*answer);
  if (!messages) throw as_error(messages.error());
  if (messages->empty()) {
    ended_ = has_ended();
    return;
  }
  quiet_since_.reset();
  for (queue_message& m : *messages) open(std::move(m));
}

bool sqs_inbox::has_ended() {
  return how_.idle && client_.time().now() - *quiet_since_ >= *how_.idle;
}

void sqs_inbox::open(queue_message message) {
  auto found = objects_in_event(message.body);
  const std::uint64_t held = held_.hold(message, found ? found->size() : 1);
  if (!found) {
    arrived_.push_back({.part = {held, 0}, .why = found.error(), .message = std::move(message)});
    return;
  }
  for (std::size_t i = 0; i < found->size(); ++i)
    arrived_.push_back({.part = {held, i}, .object = std::move((*found)[i])});
}

}  // namespace weir
