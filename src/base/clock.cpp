#include "base/clock.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// Polls both descriptors; -1 means for ever.
clock::woken poll_both(int fd, int wake_fd, const timespec* timeout) {
  std::array<pollfd, 2> fds{{{wake_fd, POLLIN, 0}, {fd, POLLIN, 0}}};
  const int ready = ::ppoll(fds.data(), fd < 0 ? 1 : 2, timeout, nullptr);
  if (ready < 0 && errno == EINTR) return clock::woken::interrupted;
  if (ready < 0) throw std::system_error(errno, std::generic_category(), "poll");
  if (fds[0].revents != 0) return clock::woken::interrupted;
  return ready > 0 ? clock::woken::ready : clock::woken::timeout;
}

timespec left_until(time_point until, time_point now) {
  const auto left = std::max(nanoseconds{0}, nanoseconds{until - now});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), (left - seconds).count()};
}

}  // namespace

interrupt::interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

interrupt::~interrupt() {
  ::close(fd_);
}

void interrupt::poke() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

void interrupt::stop() noexcept {
  stopped_.store(true, std::memory_order_relaxed);
  poke();
}

time_point interrupt::stopped_since(time_point now) noexcept {
  time_point first = never;
  return noticed_.compare_exchange_strong(first, now) ? now : first;
}

void interrupt::nudge() noexcept {
  const std::lock_guard lock(mutex_);
  if (nudges_++ == 0) poke();
}

// A stop that comes between reading and asking pokes again by itself.
void interrupt::calm() noexcept {
  const std::lock_guard lock(mutex_);
  if (--nudges_ > 0) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
  if (stopped()) poke();
}

time_point real_clock::now() const {
  return std::chrono::steady_clock::now();
}

std::int64_t real_clock::wall_ns() const {
  return std::chrono::duration_cast<nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

clock::woken real_clock::wait_readable(int fd, interrupt& wake, time_point until) {
  if (until == never) return poll_both(fd, wake.fd(), nullptr);
  const timespec left = left_until(until, now());
  return poll_both(fd, wake.fd(), &left);
}

bool real_clock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                      time_point until) {
  if (until == never) {
    changed.wait(lock);
    return true;
  }
  return changed.wait_until(lock, until) == std::cv_status::no_timeout;
}

clock::woken virtual_clock::wait_readable(int fd, interrupt& wake, time_point until) {
  const timespec at_once{};
  if (until == never) return poll_both(fd, wake.fd(), nullptr);
  const woken now_ready = poll_both(fd, wake.fd(), &at_once);
  if (now_ready == woken::timeout) advance(until - now_);
  return now_ready;
}

bool virtual_clock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                         time_point until) {
  if (until == never) {
    changed.wait(lock);
    return true;
  }
  advance(until - now_);
  return false;
}

void virtual_clock::advance(nanoseconds by) {
  const auto forward = std::max(by, nanoseconds{0});
  now_ += std::chrono::duration_cast<time_point::duration>(forward);
  wall_ += forward.count();
}

}  // namespace weir
