#pragma once
#include <string>
#include <string_view>

namespace weir {

/// What to tell the user of a pattern that RE2 refuses.
std::string pattern_hint(std::string_view pattern);

}  // namespace weir
