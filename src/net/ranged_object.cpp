#include "net/ranged_object.hpp"

#include <algorithm>
#include <utility>

#include "net/slow_arrival.hpp"

namespace weir {
namespace {

remote_object::access without_stretch(remote_object::access how) {
  how.stretch_bytes = 0;
  return how;
}

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
    : how_(std::move(how)), by_(std::move(by)), first_(without_stretch(how_), client) {}

const http_failure* ranged_object::failure() const noexcept {
  return failure_ ? &*failure_ : first_.failure();
}

byte_stream ranged_object::bytes(std::uint64_t from, const context& with,
                                 std::atomic<std::uint64_t>& bytes_read) {
  for (bool more = true; more;) {
    auto alone = in_one_answer(from, with, bytes_read);
    while (chunk* const some = alone.next(co_await request)) co_yield *some;
    auto ahead = in_stretches(with, bytes_read);
    while (chunk* const some = ahead.next(co_await request)) co_yield *some;
    more = !failure() && next_stretch();
    from = next_.value_or(0);
  }
}

/// All that is left, or what comes before the first stretch: once the bytes come too slowly, the
/// answer gives up what others can ask for.
byte_stream ranged_object::in_one_answer(std::uint64_t from, const context& with,
                                         std::atomic<std::uint64_t>& bytes_read) {
  next_.reset();
  slow_arrival arrival;
  const auto is_slow = [&] { return next_ || arrival.left().count() <= 0; };
  auto answer = first_.bytes(from, with, bytes_read);
  for (;;) {
    const pull wanted = co_await request;
    const time_point asked = with.time->now();
    pull mine = wanted;
    if (!is_slow()) mine.until = std::min(mine.until, asked + arrival.left());
    chunk* const some = answer.next(mine);
    if (some == nullptr) co_return;
    arrival.note(with.time->now() - asked, some->bytes.size());
    if (is_slow()) ask_ahead(with, bytes_read);
    co_yield *some;
  }
}

byte_stream ranged_object::in_stretches(const context& with,
                                        std::atomic<std::uint64_t>& bytes_read) {
  chunk out;
  while (!ahead_.empty() && !failure()) {
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

/// Where the next stretch begins: far enough ahead that it comes in time.
std::optional<std::uint64_t> ranged_object::next_stretch() const {
  const std::uint64_t size = first_.version().size.value_or(0);
  if (next_) return *next_ < size ? next_ : std::nullopt;
  const std::uint64_t ahead = first_.position() + how_.stretch_bytes;
  const bool pays = first_.gives_ranges() && how_.stretch_bytes > 0 && ahead < size;
  return pays ? std::optional{ahead} : std::nullopt;
}

void ranged_object::ask_ahead(const context& with, std::atomic<std::uint64_t>& bytes_read) {
  while (!failure()) {
    const auto from = next_stretch();
    auto place = from ? by_.room->try_take(with.pool->ceiling()) : nullptr;
    if (!place) return;
    if (!next_) first_.end_at(*from);
    ask(*from, std::move(place), with, bytes_read);
  }
}

void ranged_object::ask(std::uint64_t from, prefetch_room::place place, const context& with,
                        std::atomic<std::uint64_t>& bytes_read) {
  const std::size_t blocks = how_.stretch_bytes / block_bytes;
  auto failed = std::make_shared<std::optional<http_failure>>();
  auto read = read_stretch(how_, first_.version(), from, by_.clients, failed, &with, &bytes_read);
  ahead_.push_back(
      {.place = std::move(place),
       .failed = std::move(failed),
       .bytes = std::make_unique<boundary<chunk>>(std::move(read), blocks, with, network_yields)});
  next_ = from + how_.stretch_bytes;
}

}  // namespace weir
