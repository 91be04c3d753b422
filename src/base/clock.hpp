#pragma once
#include "weir/context.hpp"

namespace weir {

/// The machine's clock. This is the only code that blocks: see `clock`.
class real_clock final : public clock {
 public:
  time_point now() const override;
  std::int64_t wall_ns() const override;
  woken wait_readable(int fd, interrupt& wake, time_point until) override;
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            time_point until) override;
};

/// A clock that stands still until somebody waits: then it jumps to the end of the wait, unless
/// what is waited for is there already. One thread at a time.
class virtual_clock final : public clock {
 public:
  explicit virtual_clock(std::int64_t wall_ns = 1'767'225'600'000'000'000) : wall_(wall_ns) {}
  time_point now() const override { return now_; }
  std::int64_t wall_ns() const override { return wall_; }
  woken wait_readable(int fd, interrupt& wake, time_point until) override;
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            time_point until) override;
  void advance(std::chrono::nanoseconds by);

 private:
  time_point now_{std::chrono::hours{1}};
  std::int64_t wall_;
};

}  // namespace weir
