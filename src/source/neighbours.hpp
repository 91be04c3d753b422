#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.hpp"

namespace weir {

/// The name of a path without its directory.
std::string_view last_part(std::string_view path);

/// The paths in the directory of `path`, written as it is.
std::vector<std::string> neighbours(const std::string& path, disk& files);

/// The first bytes of `path`, at most `most`; none if it cannot be read.
std::string head_of(const std::string& path, std::size_t most, disk& files);

/// Whether its content says so.
bool is_compressed(const std::string& path, disk& files);

}  // namespace weir
