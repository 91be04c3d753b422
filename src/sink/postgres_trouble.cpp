#include "sink/postgres_trouble.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir {

/// Data, constraints, limits, and what triggers raise under codes of their own; the other classes
/// are named here.
bool is_about_a_row(const postgres_answer& a) {
  constexpr std::array<std::string_view, 16> others{"08", "0A", "25", "28", "2D", "3D", "3F", "40",
                                                    "42", "53", "55", "57", "58", "F0", "HV", "XX"};
  return !a.lost() && std::ranges::find(others, a.state().substr(0, 2)) == others.end();
}

bool is_conflict(const postgres_answer& a) {
  return a.state().starts_with("40");
}

bool may_pass(const postgres_answer& a) {
  const std::string_view kind = a.state().substr(0, 2);
  return kind == "53" || kind == "55" || kind == "57" || a.state() == "25006";
}

}  // namespace weir
