#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sink/columns.hpp"
#include "sink/postgres_link.hpp"
#include "sink/table_target.hpp"

namespace weir {

/// What PostgreSQL allows as a column's name.
column_rules postgres_column_rules();

/// The statement that tells the columns of a table, by name and type.
std::string postgres_ask_columns(const table_target& of);
/// What it told; none if there is no such table.
std::vector<column> postgres_columns(const postgres_answer& told);

/// The statement that creates a table with these columns.
std::string postgres_create_table(const table_target& to, const std::vector<column>& columns);

/// Writes records as lines of COPY's text format.
class postgres_rows {
 public:
  postgres_rows(const table_target& to, std::vector<column> columns);

  /// The statement that takes the lines.
  const std::string& copy() const noexcept { return copy_; }
  /// Appends the line of `r` to `out`. On failure says why it is no row, and appends nothing. What
  /// it returns is valid until the next call.
  std::expected<void, std::string_view> append(const record& r, std::string& out);

 private:
  bool append_cell(const column& to, std::string_view json, std::string& out);

  row_reader reader_;
  std::string copy_;
  std::string text_;  ///< a string without its escapes
  std::string why_;
};

}  // namespace weir
