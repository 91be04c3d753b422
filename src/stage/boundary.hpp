#pragma once
#include <cstddef>

#include "base/wait.hpp"
#include "weir/component.hpp"

namespace weir {

/// Everything upstream on its own thread, at most `batches` ahead. `yields`: see `wait_for`.
stream buffered(stream in, std::size_t batches, const context* with, int yields = usual_yields);

component buffer_stage();

}  // namespace weir
