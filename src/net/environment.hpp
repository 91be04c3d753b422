#pragma once
#include <functional>
#include <optional>
#include <string>

namespace weir {

/// The value of an environment variable; nothing if it is not set or empty. A function, so that a
/// test can have an environment of its own.
using environment = std::function<std::optional<std::string>(const std::string& name)>;
environment process_environment();

/// The first of the variables that is set.
std::optional<std::string> first_of(const environment& from,
                                    std::initializer_list<const char*> names);

}  // namespace weir
