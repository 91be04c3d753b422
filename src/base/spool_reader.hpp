#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/disk.hpp"
#include "base/spool_queue.hpp"

namespace weir {

/// Reads the blocks of a spool in their order. One thread.
class spool_reader {
 public:
  /// Begins at `from`. Throws weir::error if the spool does not have it. The others outlive the
  /// reader.
  spool_reader(spool_queue& queue, disk& files, spool_place from);

  /// Gives room for so many bytes.
  using make_room = std::function<char*(std::size_t bytes)>;
  /// Waits for the next block until `until` and reads it to where `room` says; `end` if none will
  /// come. Throws weir::error if it is not as it was written.
  received next(time_point until, const make_room& room);

  /// The block that was read last, and how many records it has.
  std::string_view block() const noexcept { return block_; }
  std::uint64_t records() const noexcept { return to_.records - from_.records; }
  /// The places before and behind it.
  const spool_place& from() const noexcept { return from_; }
  const spool_place& to() const noexcept { return to_; }

 private:
  void open(const spool_queue::stretch& at);
  void read(const spool_queue::stretch& at, const make_room& room);
  void read_exactly(std::span<char> into, std::uint64_t at_bytes);
  [[noreturn]] void damaged(std::uint64_t at_bytes) const;

  spool_queue& queue_;
  disk& files_;
  spool_place from_;
  spool_place to_;
  std::string_view block_;
  std::unique_ptr<file> open_;
  std::string path_;  ///< of the open file
  spool_place base_;
};

}  // namespace weir
