#pragma once
#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace weir::test {

/// Virtual time beside a server that is real: what waits for a descriptor really waits, for as long
/// as something comes; what comes to nothing within a second, and what waits for time alone, jumps.
class patient_clock final : public clock {
 public:
  time_point now() const override { return virtual_.now(); }
  std::int64_t wall_ns() const override { return virtual_.wall_ns(); }
  woken wait_readable(int fd, interrupt& wake, time_point until) override {
    if (fd >= 0 && until > now()) {
      const auto most = std::min<std::chrono::nanoseconds>(std::chrono::seconds{1}, until - now());
      const woken why = real_.wait_readable(fd, wake, real_.now() + most);
      if (why != woken::timeout) return why;
    }
    return virtual_.wait_readable(fd, wake, until);
  }
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            time_point until) override {
    return virtual_.wait(lock, changed, until);
  }

 private:
  real_clock real_;
  virtual_clock virtual_;
};

}  // namespace weir::test
