#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "base/spool_segment.hpp"

namespace weir {

/// Some records as bytes: what is written and read at a time.
struct spool_block {
  std::string bytes;
  std::uint64_t records = 0;
};

/// The files of a spool: a directory of segments, each of them some blocks. New blocks go to the
/// last one; those that were read go away segment by segment. Nothing else in the directory is
/// touched. One thread at a time, except for `sync`.
class spool_files {
 public:
  /// Takes `directory` of `files` for this process alone. Throws weir::error: locked if another
  /// process has it, io. A segment has about `segment_bytes`. `files` outlives it.
  spool_files(disk& files, std::string directory, std::uint64_t segment_bytes);

  /// Begins an empty spool that no other run goes on with. What such a run left behind that was
  /// killed is removed. Throws weir::error if there is what another run wants.
  void begin();
  /// Goes on with what `owner`, 32 hex digits, left there, up to `written`, and cuts off what lies
  /// behind; nothing if it left nothing. `oldest` tells how much of it is there. Throws weir::error
  /// if there is what the owner does not know.
  void resume(std::string owner, std::optional<spool_place> written);

  /// Adds the blocks, all or none of them.
  io_result<void> append(std::span<const spool_block> blocks);
  /// Makes durable what was appended, if it is kept for another run. May run while another thread
  /// reads or removes.
  io_result<void> sync();
  /// Removes the segments that end in front of `place`, except the last one.
  void remove_before(const spool_place& place);
  /// Lets the next block begin a segment, so that the one before can be removed.
  void end_segment() noexcept { segment_ended_ = true; }
  /// Removes all segments.
  void remove_all();

  bool is_kept() const noexcept { return kept_; }
  spool_place written() const noexcept { return written_; }
  /// Where the oldest segment begins.
  spool_place oldest() const noexcept { return segments_.empty() ? written_ : segments_.front(); }
  /// What the segments take on the disk.
  std::uint64_t stored_bytes() const noexcept;
  /// The base of the segment that the block at `place` is in. Precondition: it lies behind
  /// `oldest` and in front of `written`.
  spool_place segment_of(const spool_place& place) const;
  std::string path_of(const spool_place& base) const;

 private:
  struct found_segment {
    segment_heading heading;
    std::uint64_t end_bytes;  ///< as spool_place::bytes
  };

  struct stale_segment {
    spool_place base;
    std::uint64_t end_bytes;
  };

  std::vector<found_segment> find();
  std::optional<found_segment> look_at(const std::string& path);
  void go_on_with(const std::vector<found_segment>& all);
  void remove(const spool_place& base);
  io_result<void> begin_segment();
  io_result<void> write(std::span<const spool_block> blocks, spool_place& at);
  std::uint64_t last_bytes() const noexcept;

  disk& files_;
  std::string directory_;
  std::uint64_t segment_bytes_;
  std::unique_ptr<file> lock_;
  bool kept_ = false;
  std::string owner_;
  std::deque<spool_place> segments_;  ///< their bases
  std::vector<stale_segment> stale_;  ///< not in one row with them
  spool_place written_;
  std::unique_ptr<file> last_;  ///< open for appending; null if the next block begins one
  bool segment_ended_ = false;
  bool has_new_name_ = false;  ///< a segment's name is not durable yet
};

}  // namespace weir
