#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// Writes records as the rows of one table, CSV as RFC 4180 has it but with LF behind each row: a
/// header, then a row a record. Texts are quoted where they have to be; null and missing fields are
/// empty; objects and arrays are JSON. Fields that no column is for are left out.
class csv_rows {
 public:
  /// `columns` are paths; without any, the top-level fields of the first record are the columns.
  explicit csv_rows(const std::vector<std::string>& columns = {});

  /// Appends the row of `r`, and the header in front of it if it has not been written.
  void append(const record& r, std::string& out);

  /// Whether the table has its header already.
  void set_begun(bool begun) noexcept { begun_ = begun; }
  /// The columns' names as the keys of a JSON object; none while there are no columns.
  std::string columns() const;
  /// Goes on with a table that has rows already and these columns, as `columns` gave them.
  void continue_behind(std::string_view columns);

  /// The first of `columns` that is no path, if there is one.
  static std::optional<std::string> find_bad(const std::vector<std::string>& columns);

 private:
  void take_columns_of(const record& r);
  void take_columns_of(std::string_view json);
  void add_column(field_path path);
  void append_value(const value& v, std::string& out);

  std::vector<field_path> columns_;
  std::string header_;
  bool begun_ = false;
  std::string scratch_;
};

}  // namespace weir
