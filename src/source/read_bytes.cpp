#include "source/read_bytes.hpp"

#include <cerrno>

#include "source/memory_pause.hpp"

namespace weir {
namespace {

bool wait_for_input(const file& from, const context& with, const pull& want) {
  const int fd = from.wait_fd();
  if (fd < 0) return true;
  return with.time->wait_readable(fd, *with.wake, want.until) == clock::woken::ready;
}

}  // namespace

byte_stream read_bytes(std::unique_ptr<file> from, const context& with,
                       std::atomic<std::uint64_t>& bytes_read, std::optional<io_error>& failed) {
  memory_pause memory;
  chunk out;
  while (!failed) {
    const pull want = co_await request;
    out = {};  // first of all gives back the block of the last one
    if (wait_for_input(*from, with, want)) {
      auto space = with.pool->try_take();
      if (space) {
        memory.over();
        const auto got = from->read({space->data(), space->capacity()});
        if (got && *got == 0) co_return;
        // A descriptor may look readable and then have nothing after all.
        if (!got && got.error().code != EAGAIN) failed = got.error();
        out.bytes = {space->data(), got.value_or(0)};
        bytes_read.fetch_add(out.bytes.size(), std::memory_order_relaxed);
        out.memory = std::move(space);
      } else {
        memory.pause(with, want);
      }
    }
    co_yield out;
  }
}

}  // namespace weir
