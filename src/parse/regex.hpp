#pragma once
#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/line_parser.hpp"

namespace weir {

/// A group that says the level in other words: `# warning * notice` means that `#` is a warning.
/// Without such words it is an HTTP status, whose class is the level.
struct level_by_group {
  std::string_view group = {};
  std::string_view means = {};
};

/// A pattern with named groups, compiled once and shared by all threads.
struct line_pattern {
  struct group {
    std::string name;
    int number;            ///< in the pattern
    bool numeric = false;  ///< what it matches may be a number, and is one where it looks like one
  };

  explicit line_pattern(const std::string& pattern, level_by_group level = {});

  RE2 compiled;
  std::vector<group> groups;  ///< the named ones, in the order of the pattern
  level_by_group level;       ///< adds the field `level`
};

/// Whether a sub-pattern can match nothing but digits, with a sign and a decimal point.
bool matches_only_numbers(std::string_view sub_pattern) noexcept;

/// Reads lines by a pattern of RE2, which runs in linear time: each named group is a field. A line
/// that the pattern does not match is rejected.
class regex_parser final : public line_parser {
 public:
  explicit regex_parser(std::shared_ptr<const line_pattern> pattern);

  verdict parse(std::string_view line, field_list& out) override;

 private:
  std::shared_ptr<const line_pattern> pattern_;
  std::vector<re2::StringPiece> found_;  ///< by group, the whole match first
};

}  // namespace weir
