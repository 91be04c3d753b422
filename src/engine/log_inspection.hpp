#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "engine/checkpoint.hpp"

namespace weir {

/// One line of a checkpoint log and the byte where it begins.
struct logged_line {
  std::uint64_t byte;
  std::string payload;
};

/// What a checkpoint log says up to its first fault.
struct log_inspection {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::vector<logged_line> lines = {};
  std::uint64_t good_bytes = 0;    ///< where they end
  std::uint64_t lines_behind = 0;  ///< see log_reading
  std::optional<log_header> header = {};
  log_run run = {};         ///< the last one
  checkpoint reached = {};  ///< the last commit, with the positions of all shards, sorted by name

  /// The entry that everything goes on from is not among the lines.
  bool lost_base() const noexcept { return run.base > reached.entry; }
  bool damaged() const noexcept { return lines_behind > 0 || lost_base(); }
  /// A next run can go on from `reached`.
  bool has_way_on() const noexcept { return header.has_value() && !lost_base(); }
};

/// Reads `DIRECTORY/log` and changes nothing; a run may be writing to it. Throws weir::error:
/// no_input if there is none, io if it cannot be read or is of a newer version.
log_inspection inspect_log(disk& files, const std::string& directory);
/// The same of bytes that were read from `path`.
log_inspection inspect_log_bytes(std::string path, std::string_view bytes);

/// As people read it. Safe to show on a terminal.
std::string inspection_text(const log_inspection& of);
/// One JSON object.
std::string inspection_json(const log_inspection& of);

}  // namespace weir
