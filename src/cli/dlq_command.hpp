#pragma once
#include <string>

#include "base/disk.hpp"
#include "cli/invocation.hpp"
#include "weir/error.hpp"

namespace weir {

/// Carries out `dlq ls` and `dlq show`; `dlq replay` is a run. Throws weir::error.
exit_code dlq_command(const invocation& it);

/// The dead letter that `path` stands for: itself, or the one in a directory that --state named.
/// Throws weir::error if there is none.
std::string dead_letter_in(const std::string& path, disk& files);

}  // namespace weir
