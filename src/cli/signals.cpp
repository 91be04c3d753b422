#include "cli/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace weir {
namespace {

// A handler has no other way to know what it is for.
std::atomic<interrupt*> stopped_by_signal{nullptr};
std::atomic<int> first_signal{0};
static_assert(std::atomic<interrupt*>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);

/// The runner ends a drain after 10 s by itself, with a report, unless it waits for a call to
/// return.
constexpr unsigned hanging_drain_s = 11;

extern "C" void stop_or_exit(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) std::_Exit(128 + signal);
  if (interrupt* const wake = stopped_by_signal.load()) wake->stop();
  ::alarm(hanging_drain_s);
}

extern "C" void exit_as_interrupted(int) {
  std::_Exit(128 + first_signal);
}

void handle_with(void (*handler)(int), std::initializer_list<int> signals) {
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : signals) ::sigaction(signal, &action, nullptr);
}

/// As `nohup` has it.
bool is_ignored(int signal) {
  struct sigaction now{};
  ::sigaction(signal, nullptr, &now);
  return now.sa_handler == SIG_IGN;
}

}  // namespace

signal_guard::signal_guard(interrupt& wake) {
  first_signal = 0;
  stopped_by_signal = &wake;
  handle_with(exit_as_interrupted, {SIGALRM});
  handle_with(stop_or_exit, {SIGINT, SIGTERM});
  if (!is_ignored(SIGHUP)) handle_with(stop_or_exit, {SIGHUP});
  // The calls that they come with fail, too, and say what of.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

signal_guard::~signal_guard() {
  ::alarm(0);
  handle_with(SIG_DFL, {SIGINT, SIGTERM, SIGALRM});
  if (!is_ignored(SIGHUP)) handle_with(SIG_DFL, {SIGHUP});
  stopped_by_signal = nullptr;
}

int signal_guard::received() const noexcept {
  return first_signal;
}

exit_code signal_guard::code_of(const std::function<exit_code()>& act) const {
  exit_code done = exit_code::ok;
  try {
    done = act();
  } catch (const error&) {
    if (received() == 0) throw;
  }
  return received() == 0 ? done : static_cast<exit_code>(128 + received());
}

}  // namespace weir
