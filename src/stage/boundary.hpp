#pragma once
#include <cstddef>

#include "weir/component.hpp"

namespace weir {

/// Everything upstream on its own thread, at most `batches` ahead.
stream buffered(stream in, std::size_t batches, const context* with);

component buffer_stage();

}  // namespace weir
