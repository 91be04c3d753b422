#include "base/spool_reader.hpp"

#include <fmt/format.h>

#include <array>

#include "base/require.hpp"
#include "weir/error.hpp"

namespace weir {

spool_reader::spool_reader(spool_queue& queue, disk& files, spool_place from)
    : queue_(queue), files_(files), from_(from), to_(from) {
  queue_.require_at(from);
}

received spool_reader::next(time_point until, const make_room& room) {
  spool_queue::stretch at;
  const received got = queue_.await(to_, until, at);
  if (got != received::item) return got;
  if (path_ != at.path) open(at);
  read(at, room);
  return got;
}

void spool_reader::open(const spool_queue::stretch& at) {
  open_ = require(files_.open(at.path, open_for::reading), at.path);
  path_ = at.path;
  base_ = at.segment;
}

void spool_reader::read(const spool_queue::stretch& at, const make_room& room) {
  std::array<char, block_heading::size_bytes> front{};
  if (at.end_bytes - to_.bytes < front.size()) damaged(to_.bytes);
  read_exactly(front, to_.bytes);
  const std::string_view text{front.data(), front.size()};
  const block_heading said = read_block_heading(text);
  const std::uint64_t begin = to_.bytes + front.size();
  if (said.block_bytes > at.end_bytes - begin) damaged(to_.bytes);
  char* const place = room(said.block_bytes);
  read_exactly({place, said.block_bytes}, begin);
  block_ = {place, said.block_bytes};
  if (!is_whole(text, block_, to_.bytes)) damaged(to_.bytes);
  from_ = to_;
  to_ = {.bytes = begin + said.block_bytes, .records = from_.records + said.records};
}

void spool_reader::read_exactly(std::span<char> into, std::uint64_t at_bytes) {
  const std::uint64_t offset = segment_heading::size_bytes + at_bytes - base_.bytes;
  if (require(read_fully(*open_, into, offset), path_) < into.size()) damaged(at_bytes);
}

void spool_reader::damaged(std::uint64_t at_bytes) const {
  throw error(exit_code::io,
              fmt::format("{}: damaged at byte {}", path_,
                          segment_heading::size_bytes + at_bytes - base_.bytes),
              "put it back as it was, or begin anew with another --state, an empty directory and "
              "empty outputs");
}

}  // namespace weir
