#pragma once
#include <string>
#include <vector>

#include "weir/component.hpp"

namespace weir {

/// A component's page as plain text: usage, what it does, options with types and defaults,
/// examples.
std::string describe(const component& c);

/// Every component with its summary, by role.
std::string list(const std::vector<component>& table);

/// "batch [RECORDS] [BYTES] [OPTION=VALUE ...]", or with its body: "where EXPR".
std::string usage(const component& c);

}  // namespace weir
