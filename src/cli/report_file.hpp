#pragma once
#include <string>
#include <string_view>

#include "base/disk.hpp"
#include "engine/run.hpp"

namespace weir {

/// Replaces the file at `path` by `content`, so that a reader sees the old or the new content and
/// nothing between. A device or a FIFO is written to. Throws weir::error, naming the path.
void write_whole(disk& files, const std::string& path, std::string_view content);

/// A run that did not begin is accounted for as well.
run_report report_of_no_run(exit_code code, const std::string& why, double seconds);

/// Throws weir::error, naming the path, if `write_whole` would not get so far as to write there.
void require_writable(disk& files, const std::string& path);

}  // namespace weir
