#pragma once
#include <string_view>

namespace weir {

/// The version of this library, as CMakeLists.txt has it.
inline constexpr std::string_view version = "0.1.0";

}  // namespace weir
