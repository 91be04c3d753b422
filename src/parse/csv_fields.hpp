#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// How a table is written as text.
struct csv_format {
  static constexpr char no_quote = '\0';

  char delimiter = ',';
  char quote = '"';          ///< doubled inside of quotes
  std::string comment = {};  ///< lines that begin with it hold no record; empty for none
  bool lenient = false;      ///< quotes that stand elsewhere are text
};

/// One field of a record.
struct csv_field {
  std::string_view text = {};  ///< without its quotes, doubled ones still in it
  bool quoted = false;
  bool doubled = false;  ///< `text` holds doubled quotes
  std::uint32_t at = 0;  ///< where it begins in the record
};

/// The delimiter of Excel's `sep=;`, which may stand in front of a table; 0 if the line is none.
char told_separator(std::string_view line) noexcept;

/// Appends the text of a field with its doubled quotes made single ones.
void append_undoubled(std::string_view text, char quote, std::string& out);

/// Reads the fields of one record from the left.
class csv_fields {
 public:
  csv_fields(std::string_view record, const csv_format& how) noexcept;

  /// False behind the last field, and at a fault.
  bool next(csv_field& f) noexcept;
  /// What is wrong with the field that `next` stopped at; keep if all is well.
  const verdict& fault() const noexcept { return fault_; }

 private:
  bool plain(csv_field& f) noexcept;
  bool quoted(csv_field& f) noexcept;
  bool end_at(csv_field& f, std::size_t from, std::size_t to) noexcept;
  bool fail(std::string_view why, std::size_t at) noexcept;

  std::string_view left_;
  const csv_format& how_;
  const char* begin_;
  bool any_quote_;
  bool more_ = true;
  verdict fault_ = keep;
};

/// Whether a record goes on behind its first lines, because a quoted field is open there.
class csv_quotes {
 public:
  explicit csv_quotes(const csv_format& how) noexcept : how_(how) {}

  bool open() const noexcept { return open_; }
  void reset() noexcept { open_ = false; }
  /// Takes the next line of the record. O(line).
  void take(std::string_view line) noexcept;

 private:
  const csv_format& how_;
  bool open_ = false;
};

}  // namespace weir
