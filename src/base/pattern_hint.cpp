#include "base/pattern_hint.hpp"

namespace weir {

std::string pattern_hint(std::string_view pattern) {
  for (const std::string_view construct : {"(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
    if (pattern.find(construct) != std::string_view::npos) {
      return "patterns run in linear time and have no `" + std::string{construct} + "...)`";
    }
  }
  return "the syntax is that of RE2";
}

}  // namespace weir
