#include "base/drain_limit.hpp"

#include <algorithm>
#include <optional>

namespace weir {
namespace {

using namespace std::chrono_literals;

/// How soon a stop is noticed while somebody else's nudge lasts.
constexpr auto nudged_slice = 10ms;

}  // namespace

time_point drain_limit::until() const {
  return wake_.stopped() ? wake_.stopped_since(time_.now()) + grace : never;
}

bool drain_limit::wait(int fd, time_point until) const {
  std::optional<interrupt> nobody;
  for (;;) {
    const time_point end = std::min(until, this->until());
    clock::woken why = clock::woken::interrupted;
    if (!wake_.stopped()) why = time_.wait_readable(fd, wake_, end);
    if (why == clock::woken::interrupted) {
      if (!nobody) nobody.emplace();
      const time_point slice = wake_.stopped() ? this->until() : time_.now() + nudged_slice;
      why = time_.wait_readable(fd, *nobody, std::min(end, slice));
    }
    if (why == clock::woken::ready) return true;
    if (time_.now() >= std::min(until, this->until())) return false;
  }
}

}  // namespace weir
