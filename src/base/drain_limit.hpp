#pragma once
#include <chrono>

#include "weir/context.hpp"

namespace weir {

/// By when a pipeline that was stopped has to be over: its grace, from when somebody first noticed
/// the stop; the same moment for all who wait on one interrupt. Any thread.
class drain_limit {
 public:
  static constexpr auto grace = std::chrono::seconds{10};
  static constexpr const char* exceeded = "draining took longer than 10 s";

  /// Both outlive the limit.
  drain_limit(clock& time, interrupt& wake) : time_(time), wake_(wake) {}
  explicit drain_limit(const context& with) : drain_limit(*with.time, *with.wake) {}

  /// `never` while nothing is to end.
  time_point until() const;
  bool is_over() const { return wake_.stopped() && time_.now() >= until(); }

  /// For who has to deliver what is left: waits until `fd` is readable (-1: for time alone) or
  /// `until` has come. A nudge or a stop does not end the wait, but the grace does. True if `fd` is
  /// readable.
  bool wait(int fd, time_point until) const;

 private:
  clock& time_;
  interrupt& wake_;
};

}  // namespace weir
