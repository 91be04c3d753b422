#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parse/line_parser.hpp"
#include "unit/lines.hpp"

// Running a line parser over text, as its stage does.

namespace weir::test {

inline const stage_id parse_stage{first_rule, "parse"};

/// A batch of the lines of `text` that went through `parser`.
inline batch parsed(std::unique_ptr<line_parser> parser, std::string_view text,
                    bool keep_others = false) {
  const auto pool = new_pool();
  batch b = lines_of(text, pool);
  line_parsing(std::move(parser), pool, parse_stage, keep_others)(b);
  return b;
}

/// What each live record is written as.
inline std::vector<std::string> written(const batch& b) {
  std::vector<std::string> all;
  for (const record& r : b) r.write(all.emplace_back());
  return all;
}

/// What one line becomes: its JSON, or `why @ byte` if it is rejected.
inline std::string outcome_of(std::unique_ptr<line_parser> parser, std::string_view line) {
  const batch b = parsed(std::move(parser), line);
  if (!b.rejects().empty()) {
    return std::string{b.rejects()[0].why} + " @ " + std::to_string(b.rejects()[0].at);
  }
  return b.empty() ? "" : written(b).front();
}

}  // namespace weir::test
