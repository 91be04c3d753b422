#pragma once
#include <string>
#include <string_view>

namespace weir {

/// `text` in single quotes for a shell; `quote` is how a single quote is written among them.
inline std::string shell_quoted(std::string_view text, std::string_view quote = R"('\'')") {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += quote;
    else
      out += c;
  }
  return out + '\'';
}

}  // namespace weir
