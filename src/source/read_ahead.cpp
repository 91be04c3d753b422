#include "source/read_ahead.hpp"

#include <utility>

#include "base/boundary.hpp"

namespace weir {
namespace {

/// Enough for a lane to find the next block ready when it comes back; more would only leave the
/// cache.
constexpr std::size_t blocks_ahead = 4;

/// What comes after a failed read only seems to be the end.
byte_stream up_to_failure(byte_stream in, const std::optional<io_error>& failed) {
  while (chunk* const next = in.next(co_await request)) {
    co_yield *next;
    if (failed) co_return;
  }
}

}  // namespace

byte_stream read_ahead(byte_opener open, const context& with, std::optional<io_error>& failed) {
  std::optional<io_error> seen;  // the thread's, until its end was received
  boundary<chunk> ahead(up_to_failure(open(seen), seen), blocks_ahead, with);
  chunk out;
  for (;;) {
    const pull wanted = co_await request;
    out = {};
    const received got = ahead.receive(out, wanted);
    if (got == received::end) break;
    co_yield out;
  }
  failed = seen;
  if (failed) co_yield out;
}

}  // namespace weir
