#include "engine/fault_place.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace weir {
namespace {

/// What stands between backticks, up to an ellipsis.
std::vector<std::string_view> names_in(std::string_view message) {
  std::vector<std::string_view> names;
  for (;;) {
    const std::size_t begin = message.find('`');
    if (begin == std::string_view::npos) return names;
    message.remove_prefix(begin + 1);
    const std::size_t end = message.find('`');
    if (end == std::string_view::npos) return names;
    const std::string_view quoted = message.substr(0, end);
    const std::string_view name = quoted.substr(0, quoted.find("..."));
    if (!name.empty()) names.push_back(name);
    message.remove_prefix(end + 1);
  }
}

}  // namespace

text_span place_of_fault(const step_text& step, std::string_view message) {
  const auto names = names_in(message);
  const auto named = [&](const argument& a) {
    return std::ranges::find(names, a.name.text) != names.end();
  };
  const auto holding = [&](const argument& a) {
    return std::ranges::any_of(names, [&](auto n) { return a.value.text.contains(n); });
  };
  const auto unnamed = [](const argument& a) { return a.name.text.empty(); };
  auto at_fault = std::ranges::find_if(step.arguments, named);
  if (at_fault == step.arguments.end()) at_fault = std::ranges::find_if(step.arguments, holding);
  if (at_fault == step.arguments.end()) at_fault = std::ranges::find_if(step.arguments, unnamed);
  return at_fault == step.arguments.end() ? step.name.where : at_fault->value.where;
}

}  // namespace weir
