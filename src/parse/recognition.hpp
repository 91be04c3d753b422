#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parse/line_parser.hpp"
#include "parse/table_header.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// A format that `auto` knows. Special ones come before general ones.
struct known_format {
  std::string stage;  ///< as a pipeline spells it: "clf", "nginx main"
  make_line_parser parser;
  bool is_json = false;              ///< its lines are JSON as well
  line_groups::make_rule rule = {};  ///< which lines make up a record, if it may have several
  /// Reads what `parser` takes and more, which is the format's only beside such lines; may be
  /// empty.
  make_line_parser beside_sure = {};

  /// What reads a file of the format.
  const make_line_parser& of_file() const noexcept { return beside_sure ? beside_sure : parser; }
};

/// All of them but JSON and tables, which no parser of lines reads.
using known_formats = std::vector<known_format>;
/// With `status_level` their parsers add the field `level` by the class of an HTTP status.
std::shared_ptr<const known_formats> recognisable_formats(bool status_level = false);

/// A table that `auto` knows by its header. Tables of separated values have no place here: each
/// header makes one (separated_table).
struct known_table {
  std::string_view stage;
  std::shared_ptr<const headed_format> format;
};
std::span<const known_table> recognisable_tables();

/// What lines were taken for, and how many of them were such lines.
struct recognition {
  std::string stage;  ///< "json", the name of a known format or table, or "text"
  std::size_t matched = 0;
  std::size_t lines = 0;
  std::shared_ptr<const headed_format> table = {};  ///< if it is one
  /// Of `plain`, which takes the lines of others as well: the formats that take a tenth of these
  /// lines at least, and are to be asked first.
  std::vector<std::string> asked_first = {};
};

/// So many lines decide.
inline constexpr std::size_t recognition_lines = 100;

/// The format that takes the most of the first lines, the most special of equals. Blank lines do
/// not count. A table of separated values is only looked for in a `whole` file, which begins with
/// its header.
recognition recognise_lines(std::span<const std::string_view> lines, const known_formats& formats,
                            const std::shared_ptr<block_pool>& pool, bool whole = true);

/// "clf (99 of 100 lines)"; of `plain`, which takes whatever has a time, that it is no format.
std::string to_text(const recognition& r, std::string_view unit = "lines");

}  // namespace weir
