#include "sink/name_template.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/time.hpp"
#include "record/record_time.hpp"

namespace weir {
namespace {

constexpr std::size_t part_digits = 6;
constexpr std::size_t hash_bytes = 2 + 16;  // %~ and the digits
constexpr std::size_t least_value_bytes = 2 * hash_bytes;
// File systems allow 255 bytes; a part under way adds a dot and `.partial`, a later one `-000002`.
constexpr std::size_t name_bytes = 230;

/// Where the endings of the last component begin: `.ndjson`, `.ndjson.gz`.
std::size_t endings_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  const auto ending_before = [&](std::size_t end) {
    const std::size_t dot = end == 0 ? std::string_view::npos : name.rfind('.', end - 1);
    return dot == std::string_view::npos || dot <= base ? end : dot;
  };
  const std::size_t last = ending_before(name.size());
  const std::string_view ending = name.substr(last);
  return ending == ".gz" || ending == ".zst" ? ending_before(last) : last;
}

std::string part_text(std::uint64_t number) {
  return fmt::format("{:0{}}", number, part_digits);
}

bool stands_for_itself(char c) {
  return c >= ' ' && c < '\x7f' && c != '/' && c != '\\' && c != '%';
}

void append_value(const value& v, std::size_t limit_bytes, std::string& out) {
  if (v.is_null()) return void(out += "%null");
  std::string text;
  if (v.type != kind::string)
    write_json(v, text);
  else if (v.escaped)
    unescape(v.text, text);
  else
    text = v.text;
  if (text.empty()) return void(out += "%empty");
  append_encoded(text, limit_bytes, out);
}

}  // namespace

std::expected<name_template, std::string> name_template::parse(std::string_view text) {
  name_template out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = text.substr(i + 1).starts_with(c);
    if (c == '}' && !doubled) return std::unexpected("`}` without `{`; a brace itself is `}}`");
    if (c != '{' || doubled) {
      out.add_literal(c);
      i += c == '{' || c == '}';
      continue;
    }
    const std::size_t close = text.find('}', i);
    if (close == std::string_view::npos) {
      return std::unexpected("`{` without `}`; a brace itself is `{{`");
    }
    auto found = place(text.substr(i + 1, close - i - 1));
    if (!found) return std::unexpected(std::move(found.error()));
    out.pieces_.push_back(std::move(*found));
    i = close;
  }
  if (!out.share_room()) return std::unexpected("the name leaves no room for its values");
  return out;
}

/// A slash ends a literal, so that components of the path begin with a piece.
void name_template::add_literal(char c) {
  const bool begins = pieces_.empty() || pieces_.back().is != piece_kind::literal ||
                      pieces_.back().text.ends_with('/');
  if (begins) pieces_.push_back({piece_kind::literal, {}, {}});
  pieces_.back().text.push_back(c);
}

std::expected<name_template::piece, std::string> name_template::place(std::string_view text) {
  if (text == "date") return piece{piece_kind::date, {}, {}};
  if (text == "hour") return piece{piece_kind::hour, {}, {}};
  if (text == "part") return piece{piece_kind::part, {}, {}};
  piece out{piece_kind::field, {}, parse_path(text)};
  if (out.path.segments.empty()) {
    return std::unexpected(fmt::format("`{{{}}}` names no field", text));
  }
  return out;
}

/// Divides what one component of the path may be long among the values in it. False if that is too
/// little.
bool name_template::share_room() {
  const auto ends_component = [](const piece& p) { return p.text.ends_with('/'); };
  for (auto first = pieces_.begin(); first != pieces_.end();) {
    const auto last = std::find_if(first, pieces_.end(), ends_component);
    std::size_t room = name_bytes;
    for (auto p = first; p != last; ++p) room -= std::min(room, p->fixed_bytes());
    const auto values =
        static_cast<std::size_t>(std::ranges::count(first, last, piece_kind::field, &piece::is));
    const std::size_t limit = values == 0 ? name_bytes : room / values;
    if (limit < least_value_bytes) return false;
    for (auto p = first; p != last; ++p) p->limit_bytes = limit;
    first = last == pieces_.end() ? last : std::next(last);
  }
  return true;
}

std::size_t name_template::piece::fixed_bytes() const noexcept {
  switch (is) {
    case piece_kind::literal:
      return text.size();
    case piece_kind::field:
      return 0;
    case piece_kind::date:
      return 10;
    case piece_kind::hour:
      return 2;
    case piece_kind::part:
      return part_digits;
  }
  std::unreachable();
}

std::vector<field_path> name_template::fields() const {
  std::vector<field_path> out;
  for (const piece& p : pieces_) {
    if (p.is == piece_kind::field) out.push_back(p.path);
  }
  return out;
}

bool name_template::has_fields() const noexcept {
  return std::ranges::find(pieces_, piece_kind::field, &piece::is) != pieces_.end();
}

bool name_template::has_times() const noexcept {
  return std::ranges::any_of(
      pieces_, [](const piece& p) { return p.is == piece_kind::date || p.is == piece_kind::hour; });
}

bool name_template::has_places() const noexcept {
  return std::ranges::any_of(pieces_, [](const piece& p) { return p.is != piece_kind::literal; });
}

void name_template::append_stem(const record& r, std::int64_t started_ns, std::string& out) const {
  const std::int64_t when_ns = has_times() ? time_of(r).value_or(started_ns) : started_ns;
  for (const piece& p : pieces_) {
    if (p.is == piece_kind::field)
      append_value(r.get(p.path), p.limit_bytes, out);
    else
      append_fixed(p, when_ns, out);
  }
}

std::string name_template::stem() const {
  std::string out;
  for (const piece& p : pieces_) append_fixed(p, 0, out);
  return out;
}

void name_template::append_fixed(const piece& p, std::int64_t when_ns, std::string& out) {
  switch (p.is) {
    case piece_kind::literal:
      out += p.text;
      break;
    case piece_kind::date:
      format_time(when_ns, "%Y-%m-%d", out);
      break;
    case piece_kind::hour:
      format_time(when_ns, "%H", out);
      break;
    case piece_kind::part:
      out.push_back(part_mark);
      break;
    case piece_kind::field:
      std::unreachable();
  }
}

void add_part_mark(std::string& stem) {
  if (stem.find(name_template::part_mark) != std::string::npos) return;
  stem.insert(endings_of(stem), {'-', name_template::part_mark});
}

std::string name_of_part(std::string stem, std::uint64_t number) {
  if (number > 1) add_part_mark(stem);
  return with_part(std::move(stem), part_text(number));
}

std::string with_part(std::string stem, std::string_view part) {
  for (std::size_t at = 0; (at = stem.find(name_template::part_mark, at)) != std::string::npos;) {
    stem.replace(at, 1, part);
  }
  return stem;
}

void append_encoded(std::string_view value, std::size_t limit_bytes, std::string& out) {
  const std::size_t before = out.size();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool hides = c == '.' && i == 0;
    if (stands_for_itself(c) && !hides)
      out.push_back(c);
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    if (out.size() - before > limit_bytes) break;
  }
  if (out.size() - before <= limit_bytes) return;
  out.resize(before + limit_bytes - hash_bytes);
  fmt::format_to(std::back_inserter(out), "%~{:016x}", XXH3_64bits(value.data(), value.size()));
}

}  // namespace weir
