#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/chunk.hpp"
#include "weir/batch.hpp"

namespace weir {

struct framing_options {
  enum class long_line : std::uint8_t { reject, truncate };

  /// What ends a line; never empty. If it is "\n", one CR in front of it goes as well.
  std::string delimiter = "\n";
  std::uint64_t max_line_bytes = 1 << 20;  ///< at most 1 GiB
  long_line too_long = long_line::reject;
  /// A last line without an end is left unread, also on drain: it may still grow.
  bool hold_unterminated = false;
  /// What the run that ended where the bytes begin told as its parser's state. Empty: as an earlier
  /// run of the pipeline left it (context::parser_state).
  std::string state = {};
  /// Counts records that went out before a checksum turned out wrong over their bytes. May be null;
  /// outlives the stream.
  std::atomic<std::uint64_t>* unverified = nullptr;
};

/// Cuts the bytes of one shard into text records: one for each line, blank ones included, or as
/// `with.cut_by` has it. `bytes` begin at `from`; a byte order mark counts only at byte 0. A batch
/// covers at most one chunk; records view the chunk's memory, a line that spans chunks is joined in
/// the batch's own. A line that is too long and a fault of the bytes each make one rejected record;
/// rejects are `stage`'s, with the first kilobyte of a long line, or what a fault left of its line
/// and the range of stored bytes that are lost, as their raw bytes. The last run is marked as the
/// shard's end. `stage` outlives every batch, `with` the stream.
stream frame(byte_stream bytes, std::shared_ptr<const shard> of, position from,
             framing_options options, const stage_id& stage, const context& with);

}  // namespace weir
