#pragma once
#include <string>
#include <vector>

#include "weir/component.hpp"

namespace weir {

/// The JSON schema (draft 2020-12) of a pipeline file, for editors: every component with its
/// options, their types, defaults and descriptions. Deliberately no stricter than the YAML parser.
std::string schema(const std::vector<component>& table);

}  // namespace weir
