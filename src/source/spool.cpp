#include "source/spool.hpp"

#include <utility>

#include "base/memory_pause.hpp"
#include "base/spool_reader.hpp"
#include "record/record_block.hpp"

namespace weir {
namespace {

std::shared_ptr<const shard> shard_of(const spool_queue& queue) {
  return std::make_shared<const shard>(
      shard{.name = "spool " + queue.options().directory, .identity = spool_source::identity});
}

position position_of(const spool_place& at) {
  return {.offset = at.bytes, .number = at.records};
}

spool_place place_of(const position& at) {
  return {.bytes = at.offset, .records = at.number};
}

record_block_reader::already gone_on(const resume_points& resume) {
  if (!resume) return {};
  return [resume](const shard& s) { return resume(s).number; };
}

/// The last run of a batch: the stretch of the spool that its block is. Its records belong to their
/// own shards.
void add_stretch(const std::shared_ptr<const shard>& spool, const spool_reader& in, batch& out) {
  out.open_run(spool, position_of(in.from()));
  out.runs().back().settle(elsewhere, in.records());
  out.advance(position_of(in.to()));
}

stream records_of(std::shared_ptr<spool_queue> queue, const context* with, resume_points resume) {
  const auto spool = shard_of(*queue);
  const position from = resume ? resume(*spool) : position{};
  spool_reader blocks(*queue, *with->files, place_of(from));
  record_block_reader records(gone_on(resume));
  memory_pause memory;
  batch out;
  const spool_reader::make_room room = [&out](std::size_t bytes) {
    return out.store().memory.allocate(bytes);
  };
  for (;;) {
    const pull wanted = co_await request;
    // What no other run goes on with is not needed once it has gone on.
    if (!queue->is_kept()) queue->release(blocks.to());
    out.reset(with->pool);
    if (with->pool->ceiling().exhausted()) {
      memory.pause(*with, wanted);
    } else {
      memory.over();
      const received got = blocks.next(wanted.until, room);
      if (got == received::end) co_return;
      if (got == received::item) {
        records.read(blocks.block(), out);
        add_stretch(spool, blocks, out);
      }
    }
    co_yield out;
  }
}

}  // namespace

estimate spool_source::look(const context&) {
  return {.bytes = {}, .records = {}, .shards = 1, .reason = "what is put into it"};
}

stream spool_source::open(const context& with, resume_points resume) {
  return records_of(queue_, &with, std::move(resume));
}

void spool_source::committed(std::span<const shard_place> reached) {
  for (const shard_place& p : reached) {
    if (p.source->identity == identity && queue_->is_kept()) queue_->release(place_of(p.at));
  }
}

}  // namespace weir
