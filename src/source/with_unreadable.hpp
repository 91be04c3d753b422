#pragma once
#include "weir/error.hpp"

namespace weir {

/// A source that reads on where some of its inputs cannot be read.
class with_unreadable {
 public:
  virtual ~with_unreadable() = default;
  /// What those end a run with: 69 if servers are to blame for all of them, else 74.
  virtual exit_code code_of_unreadable() const = 0;
};

}  // namespace weir
