#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// What a column of a table holds.
enum class column_kind : std::uint8_t {
  any,      ///< whatever comes
  boolean,  ///< true and false
  integer,  ///< whole numbers of 64 bits
  real,     ///< doubles
  number,   ///< any number, exactly
  time,     ///< moments
  text,
  json,
};

struct column {
  std::string name;
  column_kind kind = column_kind::text;
  bool has_default = false;  ///< what a row that says nothing of it gets, other than null
  friend bool operator==(const column&, const column&) = default;
};

/// Columns of a table by their numbers, in order.
using column_set = std::vector<std::size_t>;

/// Whether a double holds `number` exactly.
bool fits_double(std::int64_t number) noexcept;

/// The column for the fields that have none of their own, as one JSON object.
inline constexpr std::string_view rest_column = "_rest";

/// What a database allows as a column's name.
struct column_rules {
  std::size_t most_bytes;                      ///< of a name
  bool ignores_case;                           ///< `Level` and `level` are one name
  std::span<const std::string_view> reserved;  ///< names that it has taken
};

/// Finds out what columns a new table needs for the records that it is shown: one for each
/// top-level field, in the order of their first appearance, of the narrowest kind that holds all
/// its values exactly; and one for the rest.
class column_finder {
 public:
  /// Fields beyond so many have no column of their own.
  static constexpr std::size_t most_columns = 1000;

  /// With `times`, fields that hold RFC 3339 times alone become times.
  column_finder(const column_rules& rules, bool times) : rules_(rules), times_(times) {}

  void learn(const record& r);
  std::vector<column> columns() const;

 private:
  struct field {
    std::string name;
    bool plain;                       ///< the name stands in JSON as it is
    std::optional<column_kind> kind;  ///< empty while it was always null
    bool beyond_double = false;       ///< an integer that a double does not hold
  };

  void learn_member(std::string_view key, std::string_view json);
  field* field_called(std::string_view key);
  field* new_field(const std::string& name);
  bool may_be_column(const std::string& name) const;

  column_rules rules_;
  bool times_;
  std::vector<field> fields_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::set<std::string> taken_;  ///< names as the database compares them
  std::size_t next_ = 0;         ///< records of one kind have their fields in one order
  std::string scratch_;
};

/// Lays the fields of records out by the columns of a table.
class row_reader {
 public:
  /// With `ignores_case`, a field `id` is the column `ID`'s where the record has no field `ID`.
  explicit row_reader(std::vector<column> columns, bool ignores_case = false);

  const std::vector<column>& columns() const noexcept { return columns_; }
  /// The JSON text of each column's value; an empty one if the record has none. A second field of
  /// the same name goes to the rest. On failure says why the record is no row of the table. What it
  /// returns views the record and the reader, until the next call.
  std::expected<std::span<const std::string_view>, std::string_view> read(const record& r);
  /// The columns that the row that was read last leaves to their defaults: those without a value.
  const column_set& left_out() const noexcept { return left_out_; }
  bool is_left_out(std::size_t column) const noexcept {
    return columns_[column].has_default && cells_[column].empty();
  }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  void put(std::string_view key, std::string_view json);
  void lay(std::size_t at, std::string_view key, std::string_view json);
  std::size_t column_called(std::string_view key);
  std::size_t look_up(std::string_view key);
  std::size_t look_up_in_any_case(std::string_view key);
  void find_left_out();

  /// Whether `key`, as it stands in the text, is the column's name.
  bool is_plainly(std::size_t at, std::string_view key) const noexcept {
    return at < columns_.size() && columns_[at].name == key && is_plain_[at];
  }

  std::vector<column> columns_;
  std::vector<bool> is_plain_;  ///< their names stand in JSON as they are
  column_set with_default_;
  column_set left_out_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::unordered_map<std::string, std::size_t> by_lower_case_;  ///< empty if the case counts
  std::size_t rest_at_ = none;
  std::vector<std::string_view> cells_;
  /// Fields of another case than their column, which has the one of its own first.
  struct field {
    std::size_t at;
    std::string_view key;
    std::string_view json;
  };
  std::vector<field> in_other_case_;
  std::size_t next_ = 0;
  std::string rest_;
  std::string text_;  ///< a text record as JSON
  std::string name_;  ///< a key without its escapes
  std::string why_;
};

}  // namespace weir
