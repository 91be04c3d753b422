#include "net/ranged_object.hpp"

#include <utility>

namespace weir {
namespace {

/// Where there is no room to read ahead: so that a pause for the next request is rare, but room
/// that has come meanwhile is used.
constexpr std::uint64_t lone_stretch_bytes = 8 * stretch_bytes;
/// Blocks that a stretch is ahead of its reader when nobody gave it room for more.
constexpr std::size_t lone_blocks_ahead = 4;

byte_stream read_stretch(remote_object::access how, object_version version, std::uint64_t from,
                         std::shared_ptr<http_clients> clients,
                         std::shared_ptr<std::optional<http_failure>> failed, const context* with,
                         std::atomic<std::uint64_t>* bytes_read) {
  const http_clients::lease client = clients->borrow();
  remote_object object(std::move(how), *client, std::move(version));
  auto bytes = object.bytes(from, *with, *bytes_read);
  while (chunk* const some = bytes.next(co_await request)) co_yield *some;
  if (object.failure()) *failed = *object.failure();
}

}  // namespace

ranged_object::ranged_object(remote_object::access how, http_client& client, means by)
    : how_(std::move(how)), by_(std::move(by)), first_(how_, client) {}

const http_failure* ranged_object::failure() const noexcept {
  return failure_ ? &*failure_ : first_.failure();
}

bool ranged_object::is_at_end() const {
  const auto size = first_.version().size;
  return !size || next_ >= *size;
}

byte_stream ranged_object::bytes(std::uint64_t from, const context& with,
                                 std::atomic<std::uint64_t>& bytes_read) {
  auto beginning = first_.bytes(from, with, bytes_read);
  while (chunk* const some = beginning.next(co_await request)) {
    if (next_ == 0) next_ = first_.end().value_or(0);
    if (next_ > 0) ask_ahead(with, bytes_read);
    co_yield *some;
  }
  chunk out;
  while (!failure() && next_ > 0) {
    if (ahead_.empty()) {
      if (is_at_end()) break;
      ask(lone_stretch_bytes, nullptr, with, bytes_read);
    }
    const pull wanted = co_await request;
    out = {};
    const received got = ahead_.front().bytes->receive(out, wanted);
    if (got == received::end) {
      failure_ = *ahead_.front().failed;
      ahead_.pop_front();
    }
    ask_ahead(with, bytes_read);
    if (got != received::end) co_yield out;
  }
  if (failure_) co_yield out;
}

void ranged_object::ask_ahead(const context& with, std::atomic<std::uint64_t>& bytes_read) {
  while (!is_at_end() && !failure()) {
    auto place = by_.room->try_take(with.pool->ceiling());
    if (!place) return;
    ask(stretch_bytes, std::move(place), with, bytes_read);
  }
}

void ranged_object::ask(std::uint64_t bytes, prefetch_room::place place, const context& with,
                        std::atomic<std::uint64_t>& bytes_read) {
  const std::size_t blocks = place ? bytes / block_bytes : lone_blocks_ahead;
  remote_object::access how = how_;
  how.stretch_bytes = bytes;
  auto failed = std::make_shared<std::optional<http_failure>>();
  auto read = read_stretch(std::move(how), first_.version(), next_, by_.clients, failed, &with,
                           &bytes_read);
  ahead_.push_back(
      {.place = std::move(place),
       .failed = std::move(failed),
       .bytes = std::make_unique<boundary<chunk>>(std::move(read), blocks, with, network_yields)});
  next_ += bytes;
}

}  // namespace weir
