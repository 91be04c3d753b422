#include "sink/sqlite_rows.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"

namespace weir {
namespace {

/// https://www.sqlite.org/datatype3.html, section 3.1.
column_kind affinity_of(std::string_view type) {
  const std::string declared = lower_case(type);
  const auto has = [&](std::string_view part) { return declared.contains(part); };
  if (has("int")) return column_kind::integer;
  if (has("char") || has("clob") || has("text")) return column_kind::text;
  if (declared.empty() || has("blob")) return column_kind::any;
  if (has("real") || has("floa") || has("doub")) return column_kind::real;
  return column_kind::number;
}

/// Numbers that only text holds exactly, times and JSON are text.
std::string_view type_of(column_kind k) {
  switch (k) {
    case column_kind::boolean:
      return "boolean";
    case column_kind::integer:
      return "integer";
    case column_kind::real:
      return "real";
    default:
      return "text";
  }
}

/// Parameter N is column N's value, also where others are left out.
std::string insert_statement(const table_target& to, const std::vector<column>& columns,
                             const column_set& left_out) {
  if (left_out.size() == columns.size()) {
    return fmt::format("insert into {} default values", to.quoted());
  }
  std::string places;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::ranges::binary_search(left_out, i)) continue;
    places += fmt::format("{}?{}", places.empty() ? "" : ",", i + 1);
  }
  return fmt::format("insert into {} ({}) values ({})", to.quoted(),
                     quoted_names(columns, left_out), places);
}

/// SQLite's result for a row that it does not take, whatever is tried.
bool is_refusal(int code) {
  return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG;
}

}  // namespace

std::vector<column> sqlite_columns(sqlite_database& db, const table_target& of) {
  sqlite_statement ask(
      db,
      "select name, type, dflt_value is not null from pragma_table_xinfo(?, ?) where hidden = 0");
  ask.bind(0, std::string_view{of.table});
  ask.bind(1, std::string_view{of.schema.empty() ? "main" : of.schema});
  std::vector<column> out;
  while (ask.next()) {
    out.push_back({std::string{ask.text(0)}, affinity_of(ask.text(1)), ask.integer(2) != 0});
  }
  return out;
}

std::string sqlite_create_table(const table_target& to, const std::vector<column>& columns) {
  return create_statement(to, columns, type_of);
}

sqlite_rows::sqlite_rows(sqlite_database& db, const table_target& to, std::vector<column> columns)
    : db_(db), to_(to), reader_(std::move(columns), true), texts_(reader_.columns().size()) {}

/// Records that come and go in every way must not keep a statement for each of them.
sqlite_statement& sqlite_rows::insert_for(const column_set& left_out) {
  constexpr std::size_t most_kept = 64;
  if (const auto known = inserts_.find(left_out); known != inserts_.end()) return known->second;
  if (inserts_.size() == most_kept) inserts_.clear();
  const std::string sql = insert_statement(to_, reader_.columns(), left_out);
  return inserts_.try_emplace(left_out, db_, sql).first->second;
}

void sqlite_rows::bind_text(sqlite_statement& insert, int at, const value& v) {
  if (!v.escaped) return insert.bind(at, v.text);
  std::string& text = texts_[static_cast<std::size_t>(at)];
  text.clear();
  unescape(v.text, text);
  insert.bind(at, std::string_view{text});
}

/// False if the column cannot hold the value exactly.
bool sqlite_rows::bind(sqlite_statement& insert, int at, std::string_view json) {
  const column& c = reader_.columns()[static_cast<std::size_t>(at)];
  const value v = read_json(json);
  const bool as_read = c.kind == column_kind::text && v.is_number();
  switch (v.type) {
    case kind::missing:
    case kind::null:
      insert.bind_null(at);
      return true;
    case kind::boolean:
      c.kind == column_kind::text ? insert.bind(at, json)
                                  : insert.bind(at, std::int64_t{v.boolean});
      return true;
    case kind::integer:
      as_read ? insert.bind(at, v.text) : insert.bind(at, v.integer);
      return c.kind != column_kind::real || fits_double(v.integer);
    case kind::real:
      as_read ? insert.bind(at, v.text) : insert.bind(at, v.real);
      return true;
    case kind::decimal:
      insert.bind(at, v.text);
      return as_read || c.kind == column_kind::any;
    case kind::string:
      bind_text(insert, at, v);
      return true;
    case kind::object:
    case kind::array:
    case kind::time:
      insert.bind(at, v.text);
      return true;
  }
  std::unreachable();
}

sqlite_rows::outcome sqlite_rows::insert(const record& r) {
  const auto row = reader_.read(r);
  if (!row) {
    why_ = row.error();
    return outcome::refused;
  }
  sqlite_statement& insert = insert_for(reader_.left_out());
  for (std::size_t i = 0; i < row->size(); ++i) {
    if (reader_.is_left_out(i) || bind(insert, static_cast<int>(i), (*row)[i])) continue;
    why_ = fmt::format("the number does not fit into column `{}`", reader_.columns()[i].name);
    return outcome::refused;
  }
  code_ = insert.run();
  if (code_ == SQLITE_DONE) return outcome::inserted;
  why_ = db_.why();
  return is_refusal(code_) ? outcome::refused : outcome::failed;
}

}  // namespace weir
