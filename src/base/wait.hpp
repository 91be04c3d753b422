#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "weir/context.hpp"

namespace weir {

inline constexpr int usual_yields = 500;
/// Where one waits for what comes from a network: it takes long, and on a machine with few cores
/// who yields all the time keeps its server from its work.
inline constexpr int network_yields = 10;

/// Waits until `ready()` holds, which `lock` guards; false if `until` came first. Who makes it hold
/// notifies `changed`.
///
/// At first it only yields the core, so many times. Threads of a pipeline mostly wait for some
/// microseconds, less than it takes to put a thread to sleep and to wake it.
template <class Ready>
bool wait_for(clock& time, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
              time_point until, Ready ready, int yields = usual_yields) {
  for (int i = 0; i < yields && !ready(); ++i) {
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
