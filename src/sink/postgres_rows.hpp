#pragma once
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sink/columns.hpp"
#include "sink/postgres_link.hpp"
#include "sink/table_target.hpp"

namespace weir {

/// What PostgreSQL allows as a column's name.
column_rules postgres_column_rules();

/// The statement that tells the columns of a table, by name and type, and whether they have a
/// default.
std::string postgres_ask_columns(const table_target& of);
/// What it told; none if there is no such table.
std::vector<column> postgres_columns(const postgres_answer& told);

/// The statement that creates a table with these columns.
std::string postgres_create_table(const table_target& to, const std::vector<column>& columns);

/// Writes records as lines of COPY's text format.
class postgres_rows {
 public:
  postgres_rows(const table_target& to, std::vector<column> columns);

  /// Reads `r`, which the other functions are about from then on; it outlives their calls. On
  /// failure says why it is no row. What it returns is valid until the next call.
  std::expected<void, std::string_view> read(const record& r);
  /// The statement that takes its line: a COPY of the columns that it does not leave to their
  /// defaults.
  std::string copy();
  /// Whether the statement that `copy` gave last takes its line, too.
  bool fits_copy() const noexcept { return reader_.left_out() == copied_without_; }
  /// Appends its line to `out`. On failure says why it is no row, and appends nothing.
  std::expected<void, std::string_view> append(std::string& out);

 private:
  bool append_cell(const column& to, std::string_view json, std::string& out);

  std::string table_;
  row_reader reader_;
  std::span<const std::string_view> row_;
  std::vector<std::size_t> copied_without_;
  std::string text_;  ///< a string without its escapes
  std::string why_;
};

}  // namespace weir
