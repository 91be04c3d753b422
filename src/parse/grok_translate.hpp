#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "parse/grok_library.hpp"

namespace weir {

/// A captured piece of a grok pattern.
struct grok_capture {
  enum class conversion : unsigned char { none, integer, real };

  std::vector<std::string> path;  ///< `[a][b]` is {a, b}, `name` is {name}
  conversion to = conversion::none;
  // Where it must not be cut out of a longer run of digits.
  bool begins_at_edge = false;
  bool ends_at_edge = false;
};

/// A grok pattern as RE2 reads it. Its groups are the captures, numbered from 1 in their order.
struct grok_translation {
  std::string pattern;
  /// The same with the edges of words wherever the standard patterns have those of runs of digits,
  /// which RE2 cannot tell; empty if no capture needs it.
  std::string at_words = {};
  std::vector<grok_capture> captures;
  std::string error;  ///< what is wrong, for the user; empty if nothing is
  std::string hint;
};

/// Puts the definitions in place of `%{NAME:field:type}` and turns Oniguruma's syntax into RE2's:
/// atomic groups and possessive repeats become plain ones, a plain group does not capture. What
/// linear time cannot do (look-around, back-references) is an error that names the construct. Edges
/// of runs of digits are `(?#edge)` in the standard definitions.
grok_translation translate_grok(std::string_view pattern, const grok_definitions& own,
                                const grok_definitions& standard);

}  // namespace weir
