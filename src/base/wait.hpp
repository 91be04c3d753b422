#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "weir/context.hpp"

namespace weir {

/// Waits until `ready()` holds, which `lock` guards; false if `until` came first. Who makes it hold
/// notifies `changed`.
///
/// At first it only yields the core. Threads of a pipeline mostly wait for some microseconds, less
/// than it takes to put a thread to sleep and to wake it.
template <class Ready>
bool wait_for(clock& time, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
              time_point until, Ready ready) {
  constexpr int most_yields = 500;
  for (int i = 0; i < most_yields && !ready(); ++i) {
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  while (!ready()) {
    if (!time.wait(lock, changed, until)) return ready();
  }
  return true;
}

}  // namespace weir
