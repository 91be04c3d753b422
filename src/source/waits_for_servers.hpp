#pragma once
#include <chrono>

namespace weir {

/// A source that makes requests again while a server is down.
class waits_for_servers {
 public:
  virtual ~waits_for_servers() = default;
  /// For how long; by default a minute. To be said before the source is looked at.
  virtual void wait_for(std::chrono::nanoseconds time) = 0;
};

}  // namespace weir
