#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// `a{b,c}d` becomes `abd` and `acd`; an unclosed brace stands for itself.
std::vector<std::string> expand_braces(std::string_view pattern);

/// Matches one character against the pattern's next element, which is not a star; gives what is
/// left of the pattern.
std::optional<std::string_view> match_one(std::string_view pattern, char c);

}  // namespace weir
