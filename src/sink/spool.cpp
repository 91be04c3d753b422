#include "sink/spool.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/drain_limit.hpp"
#include "base/duration.hpp"
#include "record/record_block.hpp"

namespace weir {
namespace {

constexpr std::size_t usual_block_bytes = 256 * 1024;

/// The token of a commit: how much was in the spool by then, ever.
std::string token_of(const spool_place& written) {
  return fmt::format("{} {}", written.bytes, written.records);
}

std::optional<spool_place> place_in(std::string_view token) {
  if (token.empty()) return std::nullopt;
  spool_place at;
  const char* const end = token.data() + token.size();
  const auto bytes = std::from_chars(token.data(), end, at.bytes);
  const bool more = bytes.ec == std::errc{} && bytes.ptr != end;
  if (!more || std::from_chars(bytes.ptr + 1, end, at.records).ptr != end)
    throw error(exit_code::io, fmt::format("the state's \"{}\" is no place in a spool", token));
  return at;
}

}  // namespace

void spool_sink::open(const context& with) {
  with_ = &with;
  queue_->begin(with);
}

std::uint64_t spool_sink::resume(const context& with, const sink_memory& memory) {
  with_ = &with;
  queue_->resume(with, std::string{memory.last.pipeline}, place_in(memory.token));
  return memory.last.entry;
}

delivery spool_sink::write(const batch& records) {
  if (broken_) return std::unexpected(*broken_);
  const std::vector<spool_block> blocks = packed(records);
  std::uint64_t bytes = 0;
  for (const spool_block& b : blocks) bytes += b.bytes.size();
  if (const delivery room = await_room(bytes); !room) return room;
  if (const auto done = queue_->append(blocks); !done) return failed(done.error());
  return {};
}

std::vector<spool_block> spool_sink::packed(const batch& records) const {
  std::vector<spool_block> blocks;
  record_block_writer block;
  const auto end_block = [&] {
    const std::uint64_t count = block.records();
    if (count > 0) blocks.push_back({.bytes = block.take(), .records = count});
  };
  for (const record& r : records) {
    block.add(r);
    if (block.size_bytes() >= usual_block_bytes) end_block();
  }
  end_block();
  return blocks;
}

/// A sink that is slow, not broken, is waited for as it would be without a spool: however long it
/// takes.
delivery spool_sink::await_room(std::uint64_t bytes) {
  const time_point since = with_->time->now();
  bool said = false;
  // Not longer at a time: a stop is to be noticed.
  while (!queue_->await_room(bytes, with_->time->now() + silent_wait)) {
    if (drain_limit(*with_).is_over())
      return std::unexpected(
          delivery_error{.what = delivery_error::kind::broken,
                         .message = fmt::format("{}: {} is full", drain_limit::exceeded, name()),
                         .code = exit_code::interrupted});
    if (with_->say && !std::exchange(said, true))
      with_->say(fmt::format("waiting: {} is full; nothing is read until there is room", name()));
  }
  if (said)
    with_->say(
        fmt::format("going on after {}: {}", format_seconds(with_->time->now() - since), name()));
  return reader_left();
}

delivery spool_sink::reader_left() const {
  const auto why = queue_->reader_left();
  if (!why) return {};
  using enum delivery_error::kind;
  return std::unexpected(delivery_error{
      .what = why->failed ? broken : closed, .message = why->message, .code = why->code});
}

delivery spool_sink::failed(io_error why) {
  const std::string message = name() + ": " + why.message();
  using enum delivery_error::kind;
  if (why.is_full_disk()) return std::unexpected(delivery_error{refused, message});
  broken_ = {broken, message};
  return std::unexpected(*broken_);
}

// A failed sync is never tried again: the kernel may have dropped what it was for.
std::expected<prepared, delivery_error> spool_sink::prepare() {
  if (broken_) return std::unexpected(*broken_);
  const auto written = queue_->sync();
  if (!written) {
    broken_ = {delivery_error::kind::broken, name() + ": " + written.error().message()};
    return std::unexpected(*broken_);
  }
  return prepared{.token = token_of(*written), .refused = {}};
}

delivery spool_sink::commit(const commit_point&) {
  queue_->publish();
  return {};
}

time_point spool_sink::due() const noexcept {
  return queue_->has_reader() ? never : time_point::min();
}

delivery spool_sink::on_due() {
  return reader_left();
}

delivery spool_sink::close() {
  queue_->end();
  return {};
}

std::string spool_sink::guarantee() const {
  return "with --state: synced before the checkpoint moves on, found again after a crash; without: "
         "ends with the run";
}

}  // namespace weir
