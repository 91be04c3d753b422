#include "engine/shard_positions.hpp"

#include <cstddef>

namespace weir {

// Runs come behind the loose records that they cover.
void shard_positions::note(const batch& b) {
  bool moved = false;
  const auto loose = b.for_each_run([&](const run& r, std::span<const record>) {
    if (r.from == r.to) return;
    moved = true;
    // The shard that is being read is most often the last one, and where it begins it is new.
    std::size_t at = r.from == position{} ? 0 : places_.size();
    while (at > 0 && places_[at - 1].source != r.source) --at;
    if (at == 0) {
      places_.push_back({r.source, r.to});
      parser_states_.push_back(r.parser_state);
    } else {
      places_[at - 1].at = r.to;
      if (r.parser_state) parser_states_[at - 1] = r.parser_state;
    }
  });
  if (moved || !loose.empty()) ahead_ = !moved;
}

std::shared_ptr<const std::string> shard_positions::parser_state_of(const shard& which) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].source.get() == &which) return parser_states_[i];
  }
  return nullptr;
}

}  // namespace weir
