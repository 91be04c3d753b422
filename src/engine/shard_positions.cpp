#include "engine/shard_positions.hpp"

#include <algorithm>

namespace weir {

// Runs come behind the loose records that they cover. That a shard ends here is news of it, too.
void shard_positions::note(const batch& b) {
  bool moved = false;
  const auto loose = b.for_each_run([&](const run& r, std::span<const record>) {
    if (r.from == r.to && !r.ends) return;
    moved = true;
    const std::size_t at = index_of(r.source);
    places_[at].at = r.to;
    ended_[at] = r.ends;
    if (r.parser_state) parser_states_[at] = r.parser_state;
  });
  if (moved || !loose.empty()) ahead_ = !moved;
}

/// The shard that is being read is most often the last one.
std::size_t shard_positions::index_of(const std::shared_ptr<const shard>& which) {
  if (!places_.empty() && places_.back().source == which) return places_.size() - 1;
  const auto [known, is_new] = indices_.try_emplace(which.get(), places_.size());
  if (is_new) {
    places_.push_back({which, {}});
    parser_states_.emplace_back();
    ended_.push_back(false);
  }
  return known->second;
}

/// A stage that holds a record of one shard lets those of another go first.
bool shard_positions::has_all_of(const shard_positions& other) const noexcept {
  return std::ranges::all_of(other.places_, [this](const shard_place& theirs) {
    const auto known = indices_.find(theirs.source.get());
    return known != indices_.end() && places_[known->second] == theirs;
  });
}

std::shared_ptr<const std::string> shard_positions::parser_state_of(const shard& which) const {
  const auto known = indices_.find(&which);
  return known == indices_.end() ? nullptr : parser_states_[known->second];
}

bool shard_positions::has_ended(const shard& which) const {
  const auto known = indices_.find(&which);
  return known != indices_.end() && ended_[known->second];
}

}  // namespace weir
