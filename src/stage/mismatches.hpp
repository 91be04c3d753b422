#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "expr/scratch.hpp"

namespace weir {

/// What all instances of a stage count together.
using shared_count = std::shared_ptr<std::atomic<std::uint64_t>>;

inline shared_count new_count() {
  return std::make_shared<std::atomic<std::uint64_t>>(0);
}

/// Moves the type mismatches of one lane to the count of all. Once a batch, so that lanes do not
/// meet at one cache line for each record.
inline void hand_over(expr::scratch& from, const shared_count& to) noexcept {
  if (from.type_mismatches == 0) return;
  to->fetch_add(from.type_mismatches, std::memory_order_relaxed);
  from.type_mismatches = 0;
}

}  // namespace weir
