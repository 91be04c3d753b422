#pragma once
#include <optional>
#include <string>

#include "base/disk.hpp"

namespace weir {

/// The whole of a file of settings, a megabyte at most; nothing if it cannot be read.
std::optional<std::string> read_small_file(disk& files, const std::string& path);

}  // namespace weir
