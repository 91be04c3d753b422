#include "net/prefetch_room.hpp"

#include <algorithm>

namespace weir {

prefetch_room::place prefetch_room::try_take(const budget& ceiling) {
  const std::uint64_t affordable = std::min<std::uint64_t>(bytes_, ceiling.limit_bytes() / 4);
  const auto most = std::min<std::uint64_t>(affordable / stretch_bytes, limit_.now());
  const std::lock_guard lock(mutex_);
  if (taken_ >= most) return nullptr;
  ++taken_;
  return place{this};
}

void prefetch_room::giver_back::operator()(prefetch_room* to) const {
  const std::lock_guard lock(to->mutex_);
  --to->taken_;
}

}  // namespace weir
