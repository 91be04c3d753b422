#include "sink/postgres_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> system_columns{"ctid", "xmin",     "cmin", "xmax",
                                                         "cmax", "tableoid", "oid"};

std::string_view type_of(column_kind k) {
  switch (k) {
    case column_kind::boolean:
      return "boolean";
    case column_kind::integer:
      return "bigint";
    case column_kind::real:
      return "double precision";
    case column_kind::number:
      return "numeric";
    case column_kind::time:
      return "timestamptz";
    case column_kind::json:
      return "jsonb";
    case column_kind::any:
    case column_kind::text:
      return "text";
  }
  std::unreachable();
}

/// What matters of a type here: how its values are written, and whether it rounds them.
column_kind kind_of(std::string_view type) {
  if (type == "json" || type == "jsonb") return column_kind::json;
  if (type == "float8" || type == "float4") return column_kind::real;
  return column_kind::any;
}

/// The server would round it.
bool loses_digits(std::string_view json) {
  const value v = read_json(json);
  return v.type == kind::decimal || (v.type == kind::integer && !fits_double(v.integer));
}

bool is_special(char c) {
  return c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_special(char c, std::string& out) {
  switch (c) {
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += c;
  }
}

void append_escaped(std::string_view text, std::string& out) {
  auto from = text.begin();
  while (from != text.end()) {
    const auto special = std::find_if(from, text.end(), is_special);
    out.append(from, special);
    if (special == text.end()) return;
    append_special(*special, out);
    from = special + 1;
  }
}

constexpr std::string_view null_cell = "\\N";

/// Takes the next cell off the front of a line.
std::string_view take_cell(std::string_view& line) {
  const std::string_view cell = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(line.size(), cell.size() + 1));
  return cell;
}

/// COPY's escapes mean the same in E'...', whatever the server is set to; a quote is doubled.
void append_literal(std::string_view cell, std::string& out) {
  if (cell == null_cell) {
    out += "null";
    return;
  }
  out += "E'";
  for (const char c : cell) {
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
}

}  // namespace

column_rules postgres_column_rules() {
  return {.most_bytes = 63, .ignores_case = false, .reserved = system_columns};
}

std::string postgres_ask_columns(const table_target& of) {
  std::string name;
  for (const char c : of.quoted()) name += c == '\'' ? std::string{"''"} : std::string{c};
  return fmt::format(
      "select a.attname, coalesce(b.typname, t.typname), "
      "a.atthasdef or a.attidentity <> '' or t.typdefault is not null "
      "from pg_attribute a join pg_type t on t.oid = a.atttypid "
      "left join pg_type b on b.oid = t.typbasetype "
      "where a.attrelid = to_regclass('{}') and a.attnum > 0 and not a.attisdropped "
      "and a.attgenerated = '' and a.attidentity <> 'a' order by a.attnum",
      name);
}

std::vector<column> postgres_columns(const postgres_answer& told) {
  std::vector<column> out;
  for (int i = 0; i < told.rows(); ++i) {
    out.push_back({std::string{told.text(i, 0)}, kind_of(told.text(i, 1)), told.text(i, 2) == "t"});
  }
  return out;
}

std::string postgres_create_table(const table_target& to, const std::vector<column>& columns) {
  return create_statement(to, columns, type_of);
}

postgres_rows::postgres_rows(const table_target& to, std::vector<column> columns)
    : table_(to.quoted()), reader_(std::move(columns)) {}

std::string postgres_rows::copy_statement(const column_set& left_out) const {
  return fmt::format("copy {} ({}) from stdin", table_, quoted_names(reader_.columns(), left_out));
}

std::string postgres_rows::insert_statement(const column_set& unnamed) const {
  return fmt::format("insert into {} ({}) values ", table_,
                     quoted_names(reader_.columns(), unnamed));
}

void postgres_rows::append_values(std::string_view line, const column_set& left_out,
                                  const column_set& unnamed, std::string& out) const {
  char before = '(';
  for (std::size_t i = 0; i < reader_.columns().size(); ++i) {
    if (std::ranges::binary_search(unnamed, i)) continue;
    out += std::exchange(before, ',');
    if (std::ranges::binary_search(left_out, i)) {
      out += "default";
    } else {
      append_literal(take_cell(line), out);
    }
  }
  out += ')';
}

/// False, with `why_`, if the column cannot hold the value.
bool postgres_rows::append_cell(const column& to, std::string_view json) {
  if (json.empty() || json == "null") {
    line_ += null_cell;
    return true;
  }
  if (to.kind == column_kind::json || json.front() != '"') {
    append_escaped(json, line_);
    if (to.kind != column_kind::real || !loses_digits(json)) return true;
    why_ = fmt::format("the number does not fit exactly into column `{}`", to.name);
    return false;
  }
  std::string_view text = json.substr(1, json.size() - 2);
  if (text.find('\\') != text.npos) {
    text_.clear();
    unescape(text, text_);
    text = text_;
  }
  append_escaped(text, line_);
  if (text.find('\0') == text.npos) return true;
  why_ = fmt::format("a NUL character, which PostgreSQL cannot store, in column `{}`", to.name);
  return false;
}

std::expected<std::string_view, std::string_view> postgres_rows::line(const record& r) {
  const auto row = reader_.read(r);
  if (!row) return std::unexpected(row.error());
  line_.clear();
  for (std::size_t i = 0; i < row->size(); ++i) {
    if (reader_.is_left_out(i)) continue;
    if (!append_cell(reader_.columns()[i], (*row)[i])) {
      return std::unexpected(std::string_view{why_});
    }
    line_ += '\t';
  }
  if (!line_.empty()) line_.pop_back();
  line_ += '\n';
  return line_;
}

}  // namespace weir
