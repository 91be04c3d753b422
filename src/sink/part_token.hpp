#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Which part of which stem, and how much of it is stored.
struct part_place {
  std::string stem;  ///< see name_template
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const part_place&, const part_place&) = default;
};

/// What a commit says of the parts of a sink.
struct parts_progress {
  std::vector<part_place> open = {};   ///< under their hidden names, the oldest used first
  std::vector<part_place> whole = {};  ///< to be shown under their names with this commit
  /// The latest of a sink that has one stem, if neither list names it: it has its name already, and
  /// somebody may have taken it away.
  std::optional<part_place> shown = {};
  friend bool operator==(const parts_progress&, const parts_progress&) = default;
};

/// As a sink's token, and back; nothing if `token` is none.
std::string to_token(const parts_progress& p);
std::optional<parts_progress> parts_in(std::string_view token);

}  // namespace weir
