#pragma once
#include <string>
#include <string_view>

namespace weir {

/// The pattern with what its pieces `%{NAME}` stand for: ANY_TIME, ISO_TIME, NUMERIC_TIME,
/// CLOCK, LEVEL and more.
std::string with_pieces(std::string_view pattern);

}  // namespace weir
