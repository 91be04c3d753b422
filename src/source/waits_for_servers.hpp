#pragma once
#include <chrono>

namespace weir {

/// A source that makes requests again while a server is down.
class waits_for_servers {
 public:
  virtual ~waits_for_servers() = default;
  /// For how long; by default a minute. To be said before the source is looked at.
  virtual void wait_for(std::chrono::nanoseconds time) = 0;
  /// Nobody pulls its streams any more: what still waits ends once `interrupt::nudge` wakes it. Any
  /// thread may say so.
  virtual void wait_no_more() {}
};

}  // namespace weir
