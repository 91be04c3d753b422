#pragma once
#include <optional>
#include <string>

#include "source/reading.hpp"
#include "weir/context.hpp"

namespace weir {

/// How many lines a stored byte of `path`, a regular file, stands for, by its first block. Nothing
/// if that cannot be read or holds no whole line.
std::optional<double> lines_per_byte(const std::string& path, const reading_options& how,
                                     const context& with);

}  // namespace weir
