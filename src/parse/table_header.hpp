#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/line_groups.hpp"
#include "weir/batch.hpp"

namespace weir {

/// What the fields of a column hold.
enum class column_type : std::uint8_t {
  text,
  number,
  status,    ///< a number, of HTTP: it may have leading zeros
  boolean,   ///< T or F
  inferred,  ///< a number, true or false where it looks like one without quotes, else a text
};

struct column {
  std::string name;
  column_type holds = column_type::text;
  bool list = false;  ///< any number of such values
};

/// The word that a line of a header begins with, `#fields` for example; empty if it has no `#`.
/// Lines that begin with the same word stand for the same thing.
inline std::string_view subject_of(std::string_view line) noexcept {
  return line.starts_with('#') ? line.substr(0, line.find_first_of(" \t,")) : std::string_view{};
}

/// What the header of a table says of the records behind it.
struct table_header {
  static constexpr std::size_t none = SIZE_MAX;
  /// A separator that stands for any number of blanks, or for one tab in a line that has tabs.
  static constexpr char blanks = ' ';

  std::vector<column> columns;
  char separator = blanks;
  char list_separator = ',';
  std::string unset = "-";      ///< the field is missing
  std::string empty_list = "";  ///< a list without values, or an empty text
  bool quotes = false;          ///< a field may stand in quotes, doubled inside
  bool escapes = false;         ///< `\xHH` and `\\` stand for a byte
  std::size_t date = none;      ///< the columns that together make the field `timestamp`
  std::size_t time = none;
  std::string day = {};       ///< of all times where no column holds a date: 2026-01-02
  std::size_t status = none;  ///< the column of the HTTP status that the client was given
  verdict fault = keep;       ///< why no record can be read
};

/// A kind of table whose files say themselves which columns they have.
class headed_format {
 public:
  virtual ~headed_format() = default;

  enum class line : std::uint8_t { record, comment, header };
  virtual line kind_of(std::string_view text) const noexcept = 0;
  /// What a header of these lines says, also one that goes on; none in front of the first one.
  virtual table_header read(std::span<const std::string> lines) const = 0;
  /// Which lines make up a record; null where each is one.
  virtual std::unique_ptr<line_rule> rule() const { return nullptr; }
};

}  // namespace weir
