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

std::string insert_statement(const table_target& to, const std::vector<column>& columns) {
  std::string places;
  for (std::size_t i = 0; i < columns.size(); ++i) places += i == 0 ? "?" : ",?";
  return fmt::format("insert into {} ({}) values ({})", to.quoted(), quoted_names(columns), places);
}

/// SQLite's result for a row that it does not take, whatever is tried.
bool is_refusal(int code) {
  return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG;
}

}  // namespace

std::vector<column> sqlite_columns(sqlite_database& db, const table_target& of) {
  sqlite_statement ask(db, "select name, type from pragma_table_xinfo(?, ?) where hidden = 0");
  ask.bind(0, std::string_view{of.table});
  ask.bind(1, std::string_view{of.schema.empty() ? "main" : of.schema});
  std::vector<column> out;
  while (ask.next()) {
    out.push_back({std::string{ask.text(0)}, affinity_of(std::string{ask.text(1)})});
  }
  return out;
}

std::string sqlite_create_table(const table_target& to, const std::vector<column>& columns) {
  return create_statement(to, columns, type_of);
}

sqlite_rows::sqlite_rows(sqlite_database& db, const table_target& to, std::vector<column> columns)
    : db_(db),
      reader_(std::move(columns)),
      insert_(db, insert_statement(to, reader_.columns())),
      texts_(reader_.columns().size()) {}

void sqlite_rows::bind_text(int at, const value& v) {
  if (!v.escaped) return insert_.bind(at, v.text);
  std::string& text = texts_[static_cast<std::size_t>(at)];
  text.clear();
  unescape(v.text, text);
  insert_.bind(at, std::string_view{text});
}

/// False if the column cannot hold the value exactly.
bool sqlite_rows::bind(int at, std::string_view json) {
  const column& c = reader_.columns()[static_cast<std::size_t>(at)];
  const value v = read_json(json);
  const bool as_read = c.kind == column_kind::text && v.is_number();
  switch (v.type) {
    case kind::missing:
    case kind::null:
      insert_.bind_null(at);
      return true;
    case kind::boolean:
      c.kind == column_kind::text ? insert_.bind(at, json)
                                  : insert_.bind(at, std::int64_t{v.boolean});
      return true;
    case kind::integer:
      as_read ? insert_.bind(at, v.text) : insert_.bind(at, v.integer);
      return c.kind != column_kind::real || fits_double(v.integer);
    case kind::real:
      as_read ? insert_.bind(at, v.text) : insert_.bind(at, v.real);
      return true;
    case kind::decimal:
      insert_.bind(at, v.text);
      return as_read || c.kind == column_kind::any;
    case kind::string:
      bind_text(at, v);
      return true;
    case kind::object:
    case kind::array:
    case kind::time:
      insert_.bind(at, v.text);
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
  for (std::size_t i = 0; i < row->size(); ++i) {
    if (bind(static_cast<int>(i), (*row)[i])) continue;
    why_ = fmt::format("the number does not fit into column `{}`", reader_.columns()[i].name);
    return outcome::refused;
  }
  code_ = insert_.run();
  if (code_ == SQLITE_DONE) return outcome::inserted;
  why_ = db_.why();
  return is_refusal(code_) ? outcome::refused : outcome::failed;
}

}  // namespace weir
