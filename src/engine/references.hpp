#pragma once
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace weir {

/// Gives what `${kind:name}` stands for, or says why it cannot. Tests replace the real one.
using reference_reader = std::function<std::expected<std::string, std::string>(
    std::string_view kind, const std::string& name)>;

/// The real one. `env`: a variable of the environment. `file`: the content of a file of at most 64
/// KiB, without the line break at its end. The value must be UTF-8, else it is refused.
std::expected<std::string, std::string> read_reference(std::string_view kind,
                                                       const std::string& name);

}  // namespace weir
