#pragma once
#include <optional>
#include <string>

namespace weir {

/// Runs `command` in a shell and waits for its end: what it printed, 64 KiB at most. Nothing if it
/// cannot be started, fails or prints more. What it says on stderr is shown.
std::optional<std::string> output_of_command(const std::string& command);

}  // namespace weir
