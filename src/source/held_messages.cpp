#include "source/held_messages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {
namespace {

/// A lease is extended three times before it would end.
constexpr int extensions = 3;
constexpr std::size_t at_a_time = 10;
/// When to try again to delete what could not be deleted.
constexpr auto soon = std::chrono::seconds{1};

/// Calls `send` with some of the receipts after the other; gives those that it gives back.
template <class Send>
sqs_queue::receipts in_batches(const sqs_queue::receipts& all, Send&& send) {
  sqs_queue::receipts left;
  for (auto at = all.begin(); at != all.end();) {
    const auto end = at + std::min<std::ptrdiff_t>(at_a_time, all.end() - at);
    std::ranges::move(send(sqs_queue::receipts(at, end)), std::back_inserter(left));
    at = end;
  }
  return left;
}

}  // namespace

held_messages::held_messages(sqs_queue& queue, http_options http, clock& time,
                             std::chrono::seconds visibility)
    : queue_(queue),
      time_(time),
      visibility_(visibility),
      client_(std::move(http), time, undisturbed_),
      extension_due_(time.now() + visibility / extensions) {
  keeper_.emplace(time, [this] { return do_what_is_due(); });
}

std::size_t held_messages::finish() {
  keeper_.reset();
  in_batches(receipts(), [this](const sqs_queue::receipts& some) {
    return queue_.set_visibility(client_, some, std::chrono::seconds{0});
  });
  return remove_done();
}

std::uint64_t held_messages::hold(const queue_message& m, std::size_t parts) {
  const std::lock_guard lock(mutex_);
  const auto held = messages_.emplace(
      next_, message_state{.receipt = m.receipt, .parts = std::vector<part_state>(parts)});
  settle(held.first);
  return next_++;
}

void held_messages::moved(part of, const batch& records) {
  const std::lock_guard lock(mutex_);
  part_state& p = messages_.at(of.message).parts.at(of.number);
  for (const run& r : records.runs()) {
    if (r.from == r.to) continue;
    p.of = r.source;
    p.read = r.to;
  }
}

void held_messages::ended(part of, bool whole) {
  const std::lock_guard lock(mutex_);
  const auto message = messages_.find(of.message);
  message->second.parts.at(of.number).ended = true;
  message->second.broken = message->second.broken || !whole;
  settle(message);
}

void held_messages::committed(std::span<const shard_place> reached) {
  const std::lock_guard lock(mutex_);
  for (auto next = messages_.begin(); next != messages_.end();) {
    const auto message = next++;
    for (part_state& p : message->second.parts) {
      const auto place = std::ranges::find(reached, p.of, &shard_place::source);
      if (p.of && place != reached.end()) p.durable = place->at;
    }
    settle(message);
  }
}

/// Lets go of a message that is done with, or of which nothing more is read. The lock is held.
void held_messages::settle(std::map<std::uint64_t, message_state>::iterator message) {
  const message_state& m = message->second;
  if (!std::ranges::all_of(m.parts, &part_state::ended)) return;
  const auto is_durable = [](const part_state& p) { return p.read == p.durable; };
  if (!m.broken && !std::ranges::all_of(m.parts, is_durable)) return;
  if (!m.broken) {
    done_.push_back(m.receipt);
    keeper_->wake();
  }
  messages_.erase(message);
}

time_point held_messages::do_what_is_due() {
  const bool all_removed = remove_done() == 0;
  const time_point now = time_.now();
  if (now >= extension_due_) {
    extend();
    extension_due_ = now + visibility_ / extensions;
  }
  return all_removed ? extension_due_ : std::min<time_point>(extension_due_, now + soon);
}

std::size_t held_messages::remove_done() {
  sqs_queue::receipts done;
  {
    const std::lock_guard lock(mutex_);
    done = std::exchange(done_, {});
  }
  auto left = in_batches(
      done, [this](const sqs_queue::receipts& some) { return queue_.remove(client_, some); });
  const std::lock_guard lock(mutex_);
  std::ranges::move(left, std::back_inserter(done_));
  return done_.size();
}

void held_messages::extend() {
  in_batches(receipts(), [this](const sqs_queue::receipts& some) {
    return queue_.set_visibility(client_, some, visibility_);
  });
}

sqs_queue::receipts held_messages::receipts() {
  const std::lock_guard lock(mutex_);
  sqs_queue::receipts all;
  for (const auto& [number, m] : messages_) all.push_back(m.receipt);
  return all;
}

}  // namespace weir
