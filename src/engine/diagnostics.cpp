#include "engine/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/hidden_password.hpp"
#include "record/json_bytes.hpp"

namespace weir {
namespace {

/// A fault in a line of a megabyte shows the part around it.
constexpr std::size_t columns_max = 160;
constexpr std::size_t columns_before = 60;
/// Nobody reads more, and hostile text could have one fault a byte.
constexpr std::size_t diagnostics_max = 50;
constexpr std::size_t tab_stop = 4;

constexpr bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// What may be printed of one character: control characters and those that reorder text would let a
/// pipeline from elsewhere play with the terminal.
std::string_view printable(std::string_view character) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  const auto first = static_cast<unsigned char>(character[0]);
  const bool control = character.size() == 1 && (first < 0x20 || first == 0x7f);
  const bool c1 =
      character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  const bool reorders = (character >= "\xE2\x80\xAA" && character <= "\xE2\x80\xAE") ||
                        (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
  return control || c1 || reorders ? replacement : character;
}

/// One line of text as cells of one column each, and which cell each byte belongs to.
struct cells {
  std::vector<std::string_view> shown;
  std::vector<std::size_t> of_byte;

  explicit cells(std::string_view line) {
    for (std::size_t i = 0; i < line.size();) {
      std::size_t end = i + 1;
      while (end < line.size() && continues_character(line[end])) ++end;
      of_byte.insert(of_byte.end(), end - i, shown.size());
      if (line[i] == '\t') {
        do shown.push_back(" ");
        while (shown.size() % tab_stop != 0);
      } else {
        shown.push_back(printable(line.substr(i, end - i)));
      }
      i = end;
    }
    of_byte.push_back(shown.size());
  }
};

std::string visible(std::string_view text) {
  std::string out;
  for (const auto cell : cells{text}.shown) out += cell;
  return out;
}

struct excerpt {
  std::string line;
  std::size_t caret = 0;   ///< columns in front of it
  std::size_t length = 1;  ///< of the underline
};

excerpt excerpt_of(std::string_view text, text_span where) {
  const std::size_t at = std::min(where.offset, text.size());
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::string_view line = text.substr(begin, text.find('\n', at) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);

  const cells all{line};
  const std::size_t from = all.of_byte[std::min(at - begin, line.size())];
  const std::size_t to = all.of_byte[std::min(at - begin + where.length, line.size())];
  const std::size_t first =
      all.shown.size() > columns_max && from > columns_before ? from - columns_before : 0;
  const std::size_t last = std::min(all.shown.size(), first + columns_max);

  excerpt made{.line = first > 0 ? "..." : ""};
  made.caret = from - first + made.line.size();
  made.length = std::max<std::size_t>(1, std::min(to, last) - std::min(from, last));
  for (std::size_t i = first; i < last; ++i) made.line += all.shown[i];
  if (last < all.shown.size()) made.line += "...";
  return made;
}

/// The pipeline's text with an asterisk for each byte that is not to be shown.
std::string shown_text(const pipeline_text& in) {
  std::string text = hide_passwords(in.text);
  for (const text_span secret : in.secrets) {
    const auto [offset, length] = span_in_file(in, secret);
    for (std::size_t i = offset; i < std::min(offset + length, text.size()); ++i)
      if (text[i] != '\n') text[i] = '*';
  }
  return text;
}

/// Colours, or nothing at all.
struct palette {
  std::string_view error, warning, bold, gutter, plain;
};
constexpr palette colours{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[1;34m", "\x1b[0m"};
constexpr palette none{};

void render_one(const pipeline_text& in, const diagnostic& d, const palette& p, std::string& out) {
  const text_place place = place_of(in.text, d.where.offset);
  const excerpt shown = excerpt_of(shown_text(in), d.where);
  const auto number = fmt::format("{}", place.line);
  const std::string indent(number.size(), ' ');
  const auto severity = d.warning ? p.warning : p.error;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "{}{}{}{}: {}{}\n", severity, d.warning ? "warning" : "error", p.plain, p.bold,
                 visible(d.message), p.plain);
  fmt::format_to(to, "{}{}-->{} {}:{}:{}\n", indent, p.gutter, p.plain, visible(in.name),
                 place.line, place.column);
  fmt::format_to(to, "{}{} |{}\n", indent, p.gutter, p.plain);
  fmt::format_to(to, "{}{} |{} {}\n", p.gutter, number, p.plain, shown.line);
  fmt::format_to(to, "{}{} |{} {:{}}{}{:^<{}}{}\n", indent, p.gutter, p.plain, "", shown.caret,
                 severity, "", shown.length, p.plain);
  if (!d.hint.empty())
    fmt::format_to(to, "{}{} ={} {}help{}: {}\n", indent, p.gutter, p.plain, p.bold, p.plain,
                   visible(d.hint));
}

/// In the order of the file, each once.
std::vector<diagnostic> in_order(const pipeline_text& in, std::span<const diagnostic> found) {
  std::multimap<std::size_t, diagnostic> by_place;
  for (diagnostic d : found) {
    d.where = span_in_file(in, d.where);
    d.message = hide_passwords(d.message);
    d.hint = hide_passwords(d.hint);
    const auto [first, last] = by_place.equal_range(d.where.offset);
    const bool known = std::any_of(first, last, [&](const auto& other) {
      return other.second.where == d.where && other.second.message == d.message;
    });
    if (!known) by_place.emplace(d.where.offset, std::move(d));
  }
  std::vector<diagnostic> sorted;
  for (auto& [offset, d] : by_place) sorted.push_back(std::move(d));
  return sorted;
}

}  // namespace

text_place place_of(std::string_view text, std::size_t offset) {
  text_place place;
  for (const char c : text.substr(0, std::min(offset, text.size()))) {
    if (c == '\n')
      place = {place.line + 1, 1};
    else if (!continues_character(c))
      ++place.column;
  }
  return place;
}

text_span span_in_file(const pipeline_text& in, text_span span) {
  for (const rewritten_text& r : in.rewritten)
    if (span.offset >= r.begin && span.offset <= r.begin + r.length) return r.where;
  return span;
}

std::string render(const pipeline_text& in, std::span<const diagnostic> found, bool colour) {
  std::string out;
  const auto sorted = in_order(in, found);
  for (std::size_t i = 0; i < std::min(sorted.size(), diagnostics_max); ++i) {
    if (i > 0) out += '\n';
    render_one(in, sorted[i], colour ? colours : none, out);
  }
  if (sorted.size() > diagnostics_max)
    fmt::format_to(std::back_inserter(out), "\nand {} more\n", sorted.size() - diagnostics_max);
  return out;
}

std::string render_json(const pipeline_text& in, std::span<const diagnostic> found) {
  std::string out = "[";
  for (const diagnostic& d : in_order(in, found)) {
    const text_place place = place_of(in.text, d.where.offset);
    out += out.size() > 1 ? ",\n {" : "\n {";
    fmt::format_to(std::back_inserter(out),
                   "\"severity\":\"{}\",\"message\":", d.warning ? "warning" : "error");
    write_json_bytes(d.message, out);
    out += ",\"file\":";
    write_json_bytes(in.name, out);
    fmt::format_to(std::back_inserter(out),
                   ",\"line\":{},\"column\":{},\"offset\":{},\"length\":{}", place.line,
                   place.column, d.where.offset, d.where.length);
    if (!d.hint.empty()) {
      out += ",\"help\":";
      write_json_bytes(d.hint, out);
    }
    out += '}';
  }
  return out + (out.size() > 1 ? "\n]\n" : "]\n");
}

}  // namespace weir
