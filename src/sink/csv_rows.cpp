#include "sink/csv_rows.hpp"

#include <algorithm>
#include <utility>

#include "record/json_members.hpp"

namespace weir {
namespace {

void append_field(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\n\r") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

/// What a column is called: a name of the top level as it is, a deeper path as it is spelled.
std::string title_of(const field_path& path) {
  return path.segments.size() == 1 ? path.segments[0].name : path.spelled();
}

field_path named(std::string name) {
  return {{{.name = std::move(name)}}};
}

}  // namespace

std::optional<std::string> csv_rows::find_bad(const std::vector<std::string>& columns) {
  const auto bad = std::ranges::find_if(
      columns, [](const std::string& c) { return parse_path(c).segments.empty(); });
  return bad == columns.end() ? std::nullopt : std::optional{*bad};
}

csv_rows::csv_rows(const std::vector<std::string>& columns) {
  for (const std::string& c : columns) add_column(parse_path(c));
}

void csv_rows::add_column(field_path path) {
  if (!columns_.empty()) header_ += ',';
  append_field(title_of(path), header_);
  columns_.push_back(std::move(path));
}

void csv_rows::take_columns_of(std::string_view json) {
  for_each_member(json, [this](const member& m) {
    std::string name;
    unescape(m.key, name);
    const field_path path = named(std::move(name));
    if (std::ranges::find(columns_, path) == columns_.end()) add_column(path);
  });
}

void csv_rows::continue_behind(std::string_view columns) {
  if (columns_.empty()) take_columns_of(columns);
  begun_ = !columns_.empty();
}

std::string csv_rows::columns() const {
  std::string out = "{";
  for (const field_path& c : columns_) {
    if (out.size() > 1) out += ',';
    write_json_string(title_of(c), out);
    out += ":0";
  }
  return out + '}';
}

void csv_rows::take_columns_of(const record& r) {
  std::string json;
  r.write(json);
  take_columns_of(json);
}

void csv_rows::append(const record& r, std::string& out) {
  if (columns_.empty()) take_columns_of(r);
  if (columns_.empty()) return;  // there is nothing in the record
  if (!std::exchange(begun_, true)) (out += header_) += '\n';
  const std::size_t before = out.size();
  for (const field_path& column : columns_) {
    if (&column != &columns_.front()) out += ',';
    append_value(r.get(column), out);
  }
  if (out.size() == before) out += "\"\"";  // an empty line would be no row
  out += '\n';
}

void csv_rows::append_value(const value& v, std::string& out) {
  if (v.is_null()) return;
  scratch_.clear();
  if (v.type == kind::string && !v.escaped) return append_field(v.text, out);
  if (v.type == kind::string) {
    unescape(v.text, scratch_);
  } else {
    write_json(v, scratch_);
  }
  append_field(scratch_, out);
}

}  // namespace weir
