#include "engine/usage.hpp"

#include <algorithm>

namespace weir {
namespace {

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

std::string usage(std::string_view name, const std::vector<option_spec>& options,
                  std::string_view synopsis) {
  std::string line{name};
  if (!synopsis.empty()) return line.append(" ").append(synopsis);
  bool others = false;
  for (const option_spec& o : options) {
    if (!o.positional && !o.required) {
      others = true;
      continue;
    }
    std::string shown = upper_case(o.name);
    if (!o.positional) shown.insert(0, o.name + '=');
    if (o.many) shown += "...";
    if (!o.required) {
      shown.insert(0, 1, '[');
      shown += ']';
    }
    line.append(" ").append(shown);
  }
  if (others) line += " [OPTION=VALUE ...]";
  return line;
}

}  // namespace weir
