#include "base/keeper.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "weir/error.hpp"

namespace weir {

keeper::keeper(clock& time, chores work) : time_(time), chores_(std::move(work)) {
  try {
    thread_ = std::thread([this] { this->work(); });
  } catch (const std::system_error& e) {
    throw error(exit_code::io, fmt::format("cannot start a thread: {}", e.code().message()),
                "raise the limit (ulimit -u)");
  }
}

keeper::~keeper() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void keeper::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void keeper::work() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    woken_ = false;
    lock.unlock();
    const time_point due = chores_();
    lock.lock();
    while (!ended_ && !woken_ && time_.wait(lock, changed_, due)) {
    }
  }
}

}  // namespace weir
