#pragma once
#include <functional>

#include "weir/context.hpp"
#include "weir/error.hpp"

namespace weir {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP (unless that is ignored, as under `nohup`)
/// stops `wake`'s pipeline, which then drains; the second ends the process at once, and so does a
/// drain that hangs in one call beyond the grace. SIGPIPE and SIGXFSZ are ignored from then on. One
/// at a time.
class signal_guard {
 public:
  explicit signal_guard(interrupt& wake);
  ~signal_guard();
  signal_guard(const signal_guard&) = delete;
  signal_guard& operator=(const signal_guard&) = delete;

  /// The signal that came first; 0 for none.
  int received() const noexcept;

  /// What `act` comes to. If a signal came meanwhile, its code, even if `act` throws an error.
  exit_code code_of(const std::function<exit_code()>& act) const;
};

}  // namespace weir
