#include "cli/signals.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace weir {
namespace {

// A handler has no other way to know what it is for.
std::atomic<interrupt*> stopped_by_signal{nullptr};
std::atomic<int> first_signal{0};
static_assert(std::atomic<interrupt*>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);

extern "C" void stop_or_exit(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) std::_Exit(128 + signal);
  if (interrupt* const wake = stopped_by_signal.load()) wake->stop();
}

void handle_with(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

signal_guard::signal_guard(interrupt& wake) {
  first_signal = 0;
  stopped_by_signal = &wake;
  handle_with(stop_or_exit);
  std::signal(SIGPIPE, SIG_IGN);
}

signal_guard::~signal_guard() {
  handle_with(SIG_DFL);
  stopped_by_signal = nullptr;
}

int signal_guard::received() const noexcept {
  return first_signal;
}

}  // namespace weir
