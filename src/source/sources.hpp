#pragma once
#include "weir/component.hpp"

namespace weir {

/// The declarations of the sources, for the table of components.
component from_file();
component from_follow();
component from_generate();
component from_text();

}  // namespace weir
