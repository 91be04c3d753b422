#include "source/read_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "base/memory_pause.hpp"

namespace weir {
namespace {

bool wait_for_input(const file& from, const context& with, const pull& want) {
  const int fd = from.wait_fd();
  if (fd < 0) return true;
  return with.time->wait_readable(fd, *with.wake, want.until) == clock::woken::ready;
}

/// Fills `out` from what `read` reads into a block, at most `most` bytes. False at the end.
template <class Read>
bool read_block(chunk& out, std::shared_ptr<block> space, std::uint64_t most,
                std::atomic<std::uint64_t>& bytes_read, std::optional<io_error>& failed,
                Read read) {
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(most, space->capacity()));
  const auto got = read(std::span<char>{space->data(), room});
  if (got && *got == 0) return false;
  // A descriptor may look readable and then have nothing after all.
  if (!got && got.error().code != EAGAIN) failed = got.error();
  out.bytes = {space->data(), got.value_or(0)};
  out.memory = std::move(space);
  bytes_read.fetch_add(out.bytes.size(), std::memory_order_relaxed);
  return true;
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
      auto space = memory.take(with, want);
      const auto read = [&from](std::span<char> into) { return from->read(into); };
      if (space && !read_block(out, std::move(space), block_bytes, bytes_read, failed, read))
        co_return;
    }
    co_yield out;
  }
}

byte_stream read_range(file& from, std::uint64_t begin, std::uint64_t end, const context& with,
                       std::atomic<std::uint64_t>& bytes_read, std::optional<io_error>& failed) {
  memory_pause memory;
  chunk out;
  while (!failed && begin < end) {
    const pull want = co_await request;
    out = {};
    auto space = memory.take(with, want);
    const auto read = [&](std::span<char> into) { return from.read_at(into, begin); };
    if (space && !read_block(out, std::move(space), end - begin, bytes_read, failed, read))
      co_return;
    begin += out.bytes.size();
    co_yield out;
  }
}

}  // namespace weir
