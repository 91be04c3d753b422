#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "weir/component.hpp"

namespace weir {

/// What may follow a component's name: "batch [RECORDS] [TIMEOUT] [OPTION=VALUE ...]". With a body
/// of its own grammar `synopsis` says it.
std::string usage(std::string_view name, const std::vector<option_spec>& options,
                  std::string_view synopsis);

}  // namespace weir
