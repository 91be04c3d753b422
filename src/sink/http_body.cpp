#include "sink/http_body.hpp"

#include <algorithm>
#include <utility>

#include "base/blank.hpp"

namespace weir {
namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

/// Whether the end of `text` lies inside a JSON string, if its beginning does so if `inside`.
bool ends_in_string(std::string_view text, bool inside) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (text[i] == '\\' && inside) ++i;
  }
  return inside;
}

/// The text of `v` as part of a JSON string.
void append_in_string(const value& v, std::string& out) {
  if (v.is_null()) return;
  std::string json;
  write_json(v, json);
  if (json.starts_with('"')) {
    out.append(json, 1, json.size() - 2);
  } else {
    std::string quoted;
    write_json_string(json, quoted);
    out.append(quoted, 1, quoted.size() - 2);
  }
}

}  // namespace

std::expected<record_template, std::string> record_template::parse(std::string_view text) {
  record_template out;
  bool in_string = false;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find(opening), text.size());
    piece next{.literal = std::string{text.substr(0, begin)}, .place = {}};
    next.in_string = in_string = ends_in_string(next.literal, in_string);
    text.remove_prefix(begin);
    if (!text.empty()) {
      const std::size_t end = text.find(closing);
      if (end == text.npos) return std::unexpected("`{{` without `}}`");
      const std::string_view name = trimmed(text.substr(2, end - 2));
      next.place = parse_path(name);
      if (next.place.segments.empty()) {
        return std::unexpected("`{{" + std::string{name} + "}}` names no field");
      }
      text.remove_prefix(end + 2);
    }
    out.pieces_.push_back(std::move(next));
  }
  return out;
}

void record_template::append(const record& r, std::string& out) const {
  for (const piece& p : pieces_) {
    out += p.literal;
    if (p.place.segments.empty()) continue;
    const value v = r.get(p.place);
    if (p.in_string) {
      append_in_string(v, out);
    } else {
      write_json(v, out);
    }
  }
}

std::expected<void, std::string> http_body::around(std::string_view text) {
  const std::size_t at = text.find(records_place);
  if (at == text.npos || text.find(records_place, at + 1) != text.npos) {
    return std::unexpected("it needs one place `" + std::string{records_place} + "`");
  }
  before = text.substr(0, at);
  behind = text.substr(at + records_place.size());
  return {};
}

std::string http_body::of(std::span<const weir::record* const> records) const {
  std::string out = before;
  if (array) out += '[';
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (array && i > 0) out += ',';
    if (record) {
      record->append(*records[i], out);
    } else {
      records[i]->write(out);
    }
    if (!array) out += '\n';
  }
  if (array) out += ']';
  return out + behind;
}

}  // namespace weir
