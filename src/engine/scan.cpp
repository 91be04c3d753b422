#include "engine/scan.hpp"

namespace weir {
namespace {

/// Behind the element at `at`: one character or a whole quoted string. Counts brackets.
std::size_t step_over(std::string_view text, std::size_t at, std::size_t& depth) noexcept {
  const char c = text[at];
  if (is_quote(c)) return std::min(end_of_quoted(text, at), text.size());
  if (c == '(' || c == '[') ++depth;
  if ((c == ')' || c == ']') && depth > 0) --depth;
  return at + 1;
}

}  // namespace

std::size_t end_of_quoted(std::string_view text, std::size_t at) noexcept {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '`')
      ++i;
    else if (text[i] == quote)
      return i + 1;
  }
  return std::string_view::npos;
}

std::size_t find_outside(std::string_view text, char wanted) noexcept {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); i = step_over(text, i, depth))
    if (depth == 0 && text[i] == wanted) return i;
  return std::string_view::npos;
}

located_text trimmed(const located_text& text, std::size_t begin, std::size_t end) {
  while (begin < end && is_blank(text.text[begin])) ++begin;
  while (end > begin && is_blank(text.text[end - 1])) --end;
  return {text.text.substr(begin, end - begin), {text.where.offset + begin, end - begin}};
}

std::vector<located_text> split(const located_text& text, char separator) {
  std::vector<located_text> pieces;
  std::size_t begin = 0, depth = 0;
  for (std::size_t i = 0; i < text.text.size(); i = step_over(text.text, i, depth)) {
    if (depth != 0 || text.text[i] != separator) continue;
    pieces.push_back(trimmed(text, begin, i));
    begin = i + 1;
  }
  pieces.push_back(trimmed(text, begin, text.text.size()));
  return pieces;
}

}  // namespace weir
