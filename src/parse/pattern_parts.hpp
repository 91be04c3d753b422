#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// One of the things that a pattern wants one behind the other.
struct pattern_part {
  enum class kind : unsigned char {
    literal,  ///< `text` as it stands
    plain,    ///< what the pattern `text` matches; no group in it captures
    choice,   ///< one of `ways`, the first one that lets the rest match
  };

  kind is = kind::literal;
  std::string text;
  std::vector<std::vector<pattern_part>> ways;
  int group = 0;  ///< the group that captures it; 0 if none does
};

using pattern_parts = std::vector<pattern_part>;

/// Takes a pattern in RE2's syntax apart at its groups that capture: what stands between two of
/// them is a literal, a plain part, or a plain part between literals. Nothing where it does not
/// come apart so: with flags, escapes by number, or a repeated group that captures. Precondition:
/// RE2 takes it.
std::optional<pattern_parts> read_pattern_parts(std::string_view pattern);

/// A pattern that matches what `parts` do. Its groups capture where theirs did not, or not.
std::string text_of(const pattern_parts& parts);

}  // namespace weir
