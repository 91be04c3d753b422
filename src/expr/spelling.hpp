#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir::expr {

/// The words and signs of an expression as they are written, with one blank between any two:
/// however it was spaced, it gives the same text. Nothing if it is not made of words and signs.
std::optional<std::string> evenly_spaced(std::string_view expression);

}  // namespace weir::expr
