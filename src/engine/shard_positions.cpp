#include "engine/shard_positions.hpp"

#include <algorithm>
#include <ranges>

namespace weir {

// Runs come behind the loose records that they cover.
void shard_positions::note(const batch& b) {
  bool moved = false;
  const auto loose = b.for_each_run([&](const run& r, std::span<const record>) {
    if (r.from == r.to) return;
    moved = true;
    // The shard that is being read is most often the last one.
    auto latest = places_ | std::views::reverse;
    const auto known = std::ranges::find(latest, r.source.get(),
                                         [](const shard_place& p) { return p.source.get(); });
    if (known == latest.end()) {
      places_.push_back({r.source, r.to});
    } else {
      known->at = r.to;
    }
  });
  if (moved || !loose.empty()) ahead_ = !moved;
}

}  // namespace weir
