#include "net/prefetch_room.hpp"

#include <algorithm>
#include <utility>

namespace weir {

prefetch_room::place prefetch_room::try_take(const budget& ceiling) {
  const std::uint64_t affordable = std::min<std::uint64_t>(bytes_, ceiling.limit_bytes() / 4);
  const std::lock_guard lock(mutex_);
  if (taken_ >= affordable / stretch_bytes) return nullptr;
  auto turn = limit_.try_take();
  if (!turn) return nullptr;
  ++taken_;
  return place{this, giver_back{std::move(turn)}};
}

void prefetch_room::giver_back::operator()(prefetch_room* to) {
  turn.reset();
  const std::lock_guard lock(to->mutex_);
  --to->taken_;
}

}  // namespace weir
