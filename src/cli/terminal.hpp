#pragma once
#include <cstddef>
#include <string_view>

#include "cli/invocation.hpp"

namespace weir {

/// What a descriptor leads to, as far as it matters for what is written to it.
struct terminal {
  bool present = false;  ///< a person looks at it, and it can redraw a line
  bool color = false;    ///< as `--color`, NO_COLOR and TERM have it
  std::size_t columns = 80;
};

terminal look_at_terminal(int descriptor, when color);

/// Writes to standard error. That it cannot be written to is nobody's fault: the run goes on.
void say(std::string_view text) noexcept;

}  // namespace weir
