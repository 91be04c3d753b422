#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/columns.hpp"

namespace weir {

/// Which table a database sink writes to.
struct table_target {
  std::string database;  ///< a file or a connection URL, without weir's own parameters
  std::string schema;    ///< empty for the database's default
  std::string table;
  bool create = true;

  /// As messages call it: "audit.events".
  std::string shown() const { return schema.empty() ? table : schema + '.' + table; }
  /// As SQL calls it: "audit"."events".
  std::string quoted() const;
};

/// Takes `table` and `create` out of the parameters of a URL, `app.db?table=T&create=false`; other
/// parameters stay in `database`. `table` and `create` are the step's own options. Throws
/// weir::error (usage) if no table is named, or if URL and options contradict each other.
table_target target_of(std::string_view url, const std::string& table, std::optional<bool> create);

/// A name as SQL quotes it.
std::string quoted_name(std::string_view name);
/// The columns' names, quoted, with commas between them, but for those that are left out (in
/// order).
std::string quoted_names(const std::vector<column>& columns, const column_set& left_out);
/// The statement that creates the table with these columns; `type_of` gives the database's types.
std::string create_statement(const table_target& to, const std::vector<column>& columns,
                             std::string_view (*type_of)(column_kind));

}  // namespace weir
