#include "base/crew.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "weir/error.hpp"

namespace weir {

crew::~crew() {
  if (!threads_.empty()) {
    stop_();
    drain();
    join();
  }
  if (drain_) with_.wake->calm();
}

void crew::join() {
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

void crew::start(task work) {
  try {
    threads_.emplace_back(std::move(work));
  } catch (const std::system_error& e) {
    throw error(exit_code::io, fmt::format("cannot start a thread: {}", e.code().message()),
                "use fewer of them (--lanes, merge=), or raise the limit (ulimit -u)");
  }
}

// The nudge lasts: a thread may be just about to wait when it comes.
void crew::drain() {
  if (!drain_.exchange(true)) with_.wake->nudge();
}

}  // namespace weir
