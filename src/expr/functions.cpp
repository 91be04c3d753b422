#include "expr/functions.hpp"

#include <vector>

#include "expr/lexer.hpp"

namespace weir::expr {

std::span<const function> functions() {
  static const std::vector<function> all = [] {
    std::vector<function> out;
    for (const auto group :
         {text_functions(), part_functions(), pattern_functions(), number_functions(),
          conversion_functions(), time_functions(), hash_functions(), context_functions()}) {
      out.insert(out.end(), group.begin(), group.end());
    }
    return out;
  }();
  return all;
}

const function* find_function(std::string_view name) noexcept {
  for (const function& f : functions()) {
    if (same_word(f.name, name)) return &f;
  }
  return nullptr;
}

std::uint32_t index_of(const function& f) noexcept {
  return static_cast<std::uint32_t>(&f - functions().data());
}

}  // namespace weir::expr
