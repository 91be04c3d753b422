#include "engine/reject_share.hpp"

#include <fmt/format.h>

#include "weir/error.hpp"

namespace weir {

// Records that a sink refuses late count with the step in which that came out.
void reject_share::note(const account& so_far) {
  const step latest{so_far.in - before_.in, so_far.rejected - before_.rejected};
  if (latest.in == 0 && latest.rejected == 0) return;
  before_ = {so_far.in, so_far.rejected};
  steps_.push_back(latest);
  window_ = {window_.in + latest.in, window_.rejected + latest.rejected};
  while (window_.in - steps_.front().in >= window_records) {
    window_ = {window_.in - steps_.front().in, window_.rejected - steps_.front().rejected};
    steps_.pop_front();
  }
  const double allowed = most_ * static_cast<double>(window_.in);
  if (window_.in < window_records || static_cast<double>(window_.rejected) <= allowed) return;
  throw error(
      exit_code::rejected,
      fmt::format("{} of the last {} records were rejected, more than --max-reject-share {}",
                  window_.rejected, window_.in, most_),
      "see the reasons below or in the dead letter: did the input's format change?");
}

}  // namespace weir
