#include <charconv>

#include "base/ascii.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

bool starts_name(char c) noexcept {
  return is_letter(c) || c == '_' || c == '@' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool goes_on(char c) noexcept {
  return starts_name(c) || is_digit(c);
}

bool is_plain(std::string_view name) noexcept {
  if (name.empty() || !starts_name(name.front())) return false;
  for (const char c : name) {
    if (!goes_on(c)) return false;
  }
  return true;
}

/// Reads a path from the front of `rest_`, segment by segment.
class path_reader {
 public:
  explicit path_reader(std::string_view text) noexcept : rest_(text) {}

  field_path read() {
    field_path path;
    if (!member(path)) return {};
    while (!rest_.empty()) {
      const char next = rest_.front();
      rest_.remove_prefix(1);
      const bool good = next == '.' ? member(path) : next == '[' && element(path);
      if (!good) return {};
    }
    return path;
  }

 private:
  bool member(field_path& path) {
    std::string name;
    if (!(rest_.starts_with('`') ? quoted(name) : plain(name))) return false;
    path.segments.push_back({std::move(name), -1});
    return true;
  }

  bool plain(std::string& name) {
    if (rest_.empty() || !starts_name(rest_.front())) return false;
    std::size_t end = 1;
    while (end < rest_.size() && goes_on(rest_[end])) ++end;
    name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return true;
  }

  /// A name between backticks, in which two of them stand for one.
  bool quoted(std::string& name) {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] != '`') {
        name += rest_[i];
      } else if (i + 1 < rest_.size() && rest_[i + 1] == '`') {
        name += rest_[i++];
      } else {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }

  bool element(field_path& path) {
    std::int64_t index = -1;
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, failed] = std::from_chars(rest_.data(), end, index);
    if (failed != std::errc{} || index < 0 || stop == end || *stop != ']') return false;
    rest_.remove_prefix(static_cast<std::size_t>(stop + 1 - rest_.data()));
    path.segments.push_back({{}, index});
    return true;
  }

  std::string_view rest_;
};

void append_quoted(std::string_view name, std::string& out) {
  out += '`';
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  out += '`';
}

}  // namespace

std::string field_path::spelled() const {
  std::string out;
  for (const segment& s : segments) {
    if (s.element >= 0) {
      out += '[' + std::to_string(s.element) + ']';
      continue;
    }
    if (!out.empty()) out += '.';
    is_plain(s.name) ? void(out += s.name) : append_quoted(s.name, out);
  }
  return out;
}

field_path parse_path(std::string_view spelling) {
  return path_reader{spelling}.read();
}

}  // namespace weir
