#pragma once
#include <string>

#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// How long the records of such formats get, and how long one waits for its next line.
inline constexpr group_limits grouped_record_limits{.bytes = 1 << 20,
                                                    .timeout = std::chrono::seconds{1}};
inline constexpr std::string_view grouped_record_limits_text =
    "A record ends once it has 1 MiB, or waits for its next line for a second; the other lines "
    "count as joined.";

/// The stage of a format whose records may have several lines: `rule` says which, and what `make`
/// gives reads the joined ones. `on_invalid` is the option of that name.
stage grouped_parser_stage(make_line_parser make, line_groups::make_rule rule,
                           const std::string& on_invalid);

}  // namespace weir
