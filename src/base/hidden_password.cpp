#include "base/hidden_password.hpp"

#include <algorithm>

namespace weir {
namespace {

constexpr std::string_view ends_value = " \t\r\n&|\"'`";
constexpr std::string_view ends_url = " \t\r\n|\"'`#";
constexpr std::string_view ends_authority = " \t\r\n|\"'`/?#";

void hide(std::string& text, std::size_t first, std::size_t last) {
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(first),
            text.begin() + static_cast<std::ptrdiff_t>(last), '*');
}

/// Where the first of `ends` stands from `first` on, or the text ends.
std::size_t find_end(const std::string& text, std::string_view ends, std::size_t first) {
  return std::min(text.find_first_of(ends, first), text.size());
}

/// `first` is the authority's first byte.
void hide_in_authority(std::string& text, std::size_t first) {
  const std::size_t last = find_end(text, ends_authority, first);
  const std::string_view authority = std::string_view{text}.substr(first, last - first);
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (at != authority.npos && colon < at) hide(text, first + colon + 1, first + at);
}

/// `first` is the authority's first byte.
void hide_in_query(std::string& text, std::size_t first) {
  const std::size_t last = find_end(text, ends_url, first);
  const std::size_t query = text.find('?', first);
  if (query < last) hide(text, query + 1, last);
}

/// `first` is the first byte behind `password=`.
void hide_value(std::string& text, std::size_t first) {
  const bool quoted = first < text.size() && (text[first] == '"' || text[first] == '\'');
  if (!quoted) return hide(text, first, find_end(text, ends_value, first));
  const std::string_view ends{text[first] == '"' ? "\"\n" : "'\n"};
  hide(text, first + 1, find_end(text, ends, first + 1));
}

bool is_of_web(std::string_view before) noexcept {
  return before.ends_with("http") || before.ends_with("https");
}

}  // namespace

std::string hide_passwords(std::string_view text) {
  constexpr std::string_view scheme_end = "://";
  constexpr std::string_view parameter = "password=";
  std::string out{text};
  for (auto at = out.find(scheme_end); at != out.npos; at = out.find(scheme_end, at + 1)) {
    hide_in_authority(out, at + scheme_end.size());
    if (is_of_web(std::string_view{out}.substr(0, at))) hide_in_query(out, at + scheme_end.size());
  }
  for (auto at = out.find(parameter); at != out.npos; at = out.find(parameter, at + 1)) {
    hide_value(out, at + parameter.size());
  }
  return out;
}

}  // namespace weir
