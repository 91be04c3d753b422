#pragma once
#include <string_view>

namespace weir {

/// What stands behind the time of a line whose format nobody knows.
struct line_head {
  std::string_view context;  ///< in front of the level: a thread, a logger, the names of a request
  std::string_view level;    ///< as it stands there; empty if the layout shows none
  std::string_view message;
};

/// Finds the level by its place, not by the word alone: it stands in brackets, or in capitals
/// behind the time or behind brackets, names or pairs that follow it; in other letters only where a
/// colon, a bar, a tab or more blanks show that it is a column of its own. A word of prose ends the
/// search, so that `alert manager started` has no level.
line_head read_line_head(std::string_view behind_time) noexcept;

/// The text behind a level and what divides it from the message: `: `, ` - `, ` | `.
std::string_view behind_level(std::string_view text) noexcept;

}  // namespace weir
