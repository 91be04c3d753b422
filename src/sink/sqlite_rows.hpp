#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/columns.hpp"
#include "sink/sqlite_database.hpp"
#include "sink/table_target.hpp"

namespace weir {

/// The columns of a table, by SQLite's rules for the affinity of declared types; none if there is
/// no such table. Throws weir::error.
std::vector<column> sqlite_columns(sqlite_database& db, const table_target& of);

/// The statement that creates a table with these columns.
std::string sqlite_create_table(const table_target& to, const std::vector<column>& columns);

/// Inserts records into one table, each as a row.
class sqlite_rows {
 public:
  /// `db` outlives it. Throws weir::error.
  sqlite_rows(sqlite_database& db, const table_target& to, std::vector<column> columns);

  enum class outcome : std::uint8_t { inserted, refused, failed };
  /// Inserts `r`. If it is refused, `why` tells the reason; the transaction goes on without it. If
  /// it failed, `code` is SQLite's result.
  outcome insert(const record& r);
  const std::string& why() const noexcept { return why_; }
  int code() const noexcept { return code_; }

 private:
  sqlite_statement& insert_for(const column_set& left_out);
  bool bind(sqlite_statement& insert, int at, std::string_view json);
  void bind_text(sqlite_statement& insert, int at, const value& v);

  sqlite_database& db_;
  table_target to_;
  row_reader reader_;
  std::map<column_set, sqlite_statement> inserts_;  ///< by the columns that they leave out
  std::vector<std::string> texts_;  ///< of each column's string, without its escapes
  std::string why_;
  int code_ = 0;
};

}  // namespace weir
