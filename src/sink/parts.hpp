#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sink/compression.hpp"
#include "sink/line_format.hpp"
#include "sink/name_template.hpp"
#include "weir/sink.hpp"

namespace weir {

/// What a sink of many files writes.
struct parts_plan {
  static constexpr std::uint64_t never_by_size = UINT64_MAX;
  static constexpr auto never_by_time = std::chrono::nanoseconds::max();
  static constexpr const char* taken_hint = "append=true goes on after the parts that are there";

  name_template names;
  line_format format = line_format::ndjson;
  std::vector<std::string> columns = {};  ///< of CSV; else those of a part's first record
  compression stored;
  bool append = false;  ///< go on after the parts of earlier runs, instead of refusing
  std::uint64_t part_bytes = never_by_size;            ///< a part ends once it holds so much
  std::chrono::nanoseconds part_time = never_by_time;  ///< all parts end so often
  std::size_t open_files = 64;  ///< beyond it, the part that waited longest for a record ends

  /// Then every name has a number.
  bool rotates() const noexcept {
    return part_bytes != never_by_size || part_time != never_by_time;
  }
};

/// Writes records to parts: files that appear under their name only when they are whole. A part
/// under way has a hidden name, `.NAME.partial`; ending it means sync, rename, and sync of its
/// directory. Parts end by size, by time since the sink was opened, when too many are open, and at
/// the end. Missing directories are created. A name that holds data of an earlier run is never
/// overwritten.
///
/// With a state a part is renamed by the commit that holds all of it; parts that are open at a
/// commit are cut back to it in the next run, which goes on with them. Names that are taken by then
/// are passed over, for they may be of parts that the state need not know any more.
///
/// A full disk refuses: what is left of the batch is written when there is room. Any other failure
/// breaks the sink: parts that ended before it stay, and hold each of their records once.
std::unique_ptr<sink> make_parts_sink(parts_plan plan);

}  // namespace weir
