#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "source/neighbours.hpp"

namespace weir {

/// A file that was rotated away from the path of a log.
struct rotated_file {
  std::string log;           ///< that path
  std::string path;          ///< where it is now; empty if it is gone
  std::int64_t modified_ns;  ///< when it was last written to
};

/// Paths with counts that follow upon one another.
struct left_out {
  std::string oldest;
  std::string newest;
};

/// What was rotated away from the same path later.
struct rotated_since {
  std::vector<named_file> files;  ///< the oldest first
  std::vector<left_out> missing;  ///< what the counts down to the latest file have left out
  bool may_count_up = false;      ///< nothing shows that they run down: `missing` may be none
};

/// Later ones are called alike but for their digits, and were written to later; where that was at
/// the same time, and of compressed files always, the names have to say so, too. If `last` is gone,
/// and no copy of it is there, names say nothing. Nothing if `last` is not called like a rotated
/// file.
rotated_since find_rotated_since(const rotated_file& last, disk& files);

/// What is lost between `last` and now, for people.
std::vector<std::string> losses(const rotated_file& last, const rotated_since& since);

}  // namespace weir
