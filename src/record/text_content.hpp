#pragma once
#include <string>
#include <string_view>

#include "weir/value.hpp"

namespace weir {

/// The content of a text, escapes resolved into `memory`; empty if `v` is none.
inline std::string_view text_content(const value& v, std::string& memory) {
  if (v.type != kind::string) return {};
  if (!v.escaped) return v.text;
  memory.clear();
  unescape(v.text, memory);
  return memory;
}

}  // namespace weir
