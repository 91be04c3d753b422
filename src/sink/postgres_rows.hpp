#pragma once
#include <cstddef>
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

/// The statement that tells the columns of a table, by name and type, and whether they have a
/// default.
std::string postgres_ask_columns(const table_target& of);
/// What it told; none if there is no such table.
std::vector<column> postgres_columns(const postgres_answer& told);

/// The statement that creates a table with these columns.
std::string postgres_create_table(const table_target& to, const std::vector<column>& columns);

/// Writes records as rows of one table: lines of COPY's text format, or values of an INSERT.
class postgres_rows {
 public:
  postgres_rows(const table_target& to, std::vector<column> columns);

  /// The line of `r`; or says why it is no row. Both are valid until the next call.
  std::expected<std::string_view, std::string_view> line(const record& r);
  /// The columns that this line is without, since the row leaves them to their defaults.
  const column_set& left_out() const noexcept { return reader_.left_out(); }
  /// Whether they are all that the table has: no COPY takes its empty line.
  bool leaves_out_all(const column_set& left_out) const noexcept {
    return left_out.size() == reader_.columns().size();
  }

  /// The COPY for lines without the columns `left_out`.
  std::string copy_statement(const column_set& left_out) const;
  /// The beginning of an INSERT that does not name the columns `unnamed`, which are not all.
  std::string insert_statement(const column_set& unnamed) const;
  /// Appends the row of a line, without its line break, to such an INSERT: `left_out`, which the
  /// line is without, holds all of `unnamed`.
  void append_values(std::string_view line, const column_set& left_out, const column_set& unnamed,
                     std::string& out) const;

 private:
  bool append_cell(const column& to, std::string_view json);

  std::string table_;
  row_reader reader_;
  std::string line_;
  std::string text_;  ///< a string without its escapes
  std::string why_;
};

}  // namespace weir
