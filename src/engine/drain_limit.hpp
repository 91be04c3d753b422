#pragma once
#include <chrono>

#include "weir/context.hpp"

namespace weir {

/// By when a drain has to be over: its grace, from when somebody first noticed that the pipeline is
/// to end. One thread.
class drain_limit {
 public:
  static constexpr auto grace = std::chrono::seconds{10};
  static constexpr const char* exceeded = "draining took longer than 10 s";

  /// It outlives the limit.
  explicit drain_limit(const context& with) : with_(with) {}

  /// `never` while nothing is to end.
  time_point until() {
    if (until_ == never && with_.wake->stopped()) until_ = with_.time->now() + grace;
    return until_;
  }

 private:
  const context& with_;
  time_point until_ = never;
};

}  // namespace weir
