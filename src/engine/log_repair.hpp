#pragma once
#include <optional>
#include <string>

#include "base/disk.hpp"
#include "engine/log_inspection.hpp"

namespace weir {

/// What was done to a damaged log.
struct log_repair {
  log_inspection before;
  std::string kept_as;  ///< where the whole of the damaged log is now
};

/// Cuts a damaged log of a state directory back to the last line before the damage, and keeps all
/// of it beside, as `log.damaged-N`. Does nothing to a log that is in order, or only ends within a
/// line. Safe against a crash at any point. Throws weir::error: locked while a run works with it,
/// io if nothing in front of the damage could be gone on from.
std::optional<log_repair> repair_log(disk& files, const std::string& directory);

/// What it means, for people.
std::string repair_text(const log_repair& of);

}  // namespace weir
