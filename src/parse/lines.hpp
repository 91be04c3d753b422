#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "base/blank.hpp"
#include "weir/batch.hpp"

namespace weir {

// What every parser asks of the lines of a batch.

inline bool is_blank_line(std::string_view text) noexcept {
  return text.empty() || (is_blank(text.front()) && trimmed(text).empty());
}

/// Whether a record still has to be parsed; a blank line ends here.
inline bool has_text(batch& lines, record& r) {
  if (!r.is_live()) return false;
  if (!is_blank_line(r.text())) return true;
  lines.end_record(r, blank);
  return false;
}

inline const char* end_of(const record& r) noexcept {
  return r.text().data() + r.text().size();
}

/// Whether only a line's end stands between two records, so that one scan may run over both: no
/// string of valid JSON reaches over a line break, so one that has no end spoils the scan.
inline bool are_neighbours(const record& a, const record& b) noexcept {
  const auto gap = b.text().data() - end_of(a);
  if (gap < 1 || gap > 2 || b.text().data()[-1] != '\n') return false;
  return gap == 1 || *end_of(a) == '\r';
}

/// How many records at the front lie side by side.
inline std::size_t neighbours(std::span<const record> records) noexcept {
  std::size_t n = 1;
  while (n < records.size() && are_neighbours(records[n - 1], records[n])) ++n;
  return n;
}

/// What neighbours and the line ends between them make together.
inline std::string_view joint_text(std::span<const record> neighbours) noexcept {
  const char* const first = neighbours.front().text().data();
  return {first, static_cast<std::size_t>(end_of(neighbours.back()) - first)};
}

}  // namespace weir
