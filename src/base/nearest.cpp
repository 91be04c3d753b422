#include "base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace weir {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table: swapping two neighbours looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> names) {
  // Nobody mistypes a name of this length; the bound keeps hostile input cheap.
  constexpr std::size_t longest = 64;
  if (wrong.empty() || wrong.size() > longest) return std::nullopt;
  std::optional<std::string> best;
  std::size_t allowed = std::max<std::size_t>(1, wrong.size() / 3);
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance > allowed || distance >= std::max(wrong.size(), name.size())) continue;
    if (best && distance == allowed) continue;
    best = name;
    allowed = distance;
  }
  return best;
}

}  // namespace weir
