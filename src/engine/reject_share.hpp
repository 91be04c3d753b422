#pragma once
#include <cstdint>
#include <deque>

#include "engine/account.hpp"

namespace weir {

/// Watches how many of the latest records were rejected, and stops a run whose input is no longer
/// what its pipeline was made for: a format changed, say.
class reject_share {
 public:
  /// Of so many records at least, the latest ones.
  static constexpr std::uint64_t window_records = 1000;

  /// `most` is from 0 to 1, which allows everything.
  explicit reject_share(double most) : most_(most) {}

  /// To be told the totals so far after each step. Throws weir::error (rejected) when more than
  /// that share of the window was rejected; fewer records than a window are not judged.
  void note(const account& so_far);

 private:
  struct step {
    std::uint64_t in;
    std::uint64_t rejected;
  };

  double most_;
  step before_{};           ///< the totals at the last step
  step window_{};           ///< the sum of `steps_`
  std::deque<step> steps_;  ///< from the one on in which the window begins
};

}  // namespace weir
