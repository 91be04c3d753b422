#pragma once
#include <string>
#include <string_view>

#include "base/disk.hpp"

namespace weir {

/// Replaces the file at `path` by `content`, so that a reader sees the old or the new content and
/// nothing between. A device or a FIFO is written to. Throws weir::error, naming the path.
void write_whole(disk& files, const std::string& path, std::string_view content);

/// Throws weir::error, naming the path, if `write_whole` would not get so far as to write there.
void require_writable(disk& files, const std::string& path);

}  // namespace weir
