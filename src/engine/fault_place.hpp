#pragma once
#include <string_view>

#include "weir/component.hpp"

namespace weir {

/// Where a complaint belongs that a component made about its options. It knows what is wrong with a
/// value, not where that stands: at the value of the option that `message` names in backticks, or
/// the value that holds what it names, or else the first value without a name; at the component's
/// name if there is none.
text_span place_of_fault(const step_text& step, std::string_view message);

}  // namespace weir
