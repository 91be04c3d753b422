#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sink/csv_rows.hpp"
#include "sink/output.hpp"
#include "weir/batch.hpp"

namespace weir {

/// How a record becomes a line of a file.
enum class line_format : std::uint8_t {
  ndjson,  ///< one JSON object
  text,    ///< the record's text as it stands
  csv,     ///< a row of a table
};

/// The values of a `format` option that name one, in order.
std::vector<std::string> line_format_names();
/// The format called `name`, which is one of these.
line_format line_format_named(const std::string& name);

/// Appends `r` and a line break; not for csv. JSON that is known to be one line is copied as it
/// stands.
inline void append_line(const record& r, line_format as, std::string& out) {
  if (as == line_format::text || (r.shape() == shape::json && !r.many_lines())) {
    out.append(r.text());
  } else {
    r.write(out);
  }
  out.push_back('\n');
}

/// Appends each live record of `records` to `out` by `append(record, std::string&)` and flushes it.
/// Stops at the first failure; after `refused` it goes on where it stopped.
template <class Append>
delivery write_each(const batch& records, output& out, Append append) {
  auto r = records.begin();
  for (std::size_t taken = out.lines_taken(); taken > 0; --taken) ++r;
  for (; r != records.end(); ++r) {
    append(*r, out.buffer());
    out.take_line();
    if (out.is_full()) {
      if (const delivery done = out.flush(); !done) return done;
    }
  }
  const delivery done = out.flush();
  if (done) out.batch_is_taken();
  return done;
}

/// Writes the records of one file, which may be a table with a header.
class record_lines {
 public:
  /// `columns` are for csv, see csv_rows.
  explicit record_lines(line_format as, const std::vector<std::string>& columns = {}) : as_(as) {
    if (as == line_format::csv) table_.emplace(columns);
  }

  /// Appends `r` and a line break.
  void append(const record& r, std::string& out) {
    if (table_) {
      table_->append(r, out);
    } else {
      append_line(r, as_, out);
    }
  }
  line_format format() const noexcept { return as_; }
  /// Null if there is no table.
  csv_rows* table() noexcept { return table_ ? &*table_ : nullptr; }

 private:
  line_format as_;
  std::optional<csv_rows> table_;
};

/// The same as `write_each` for lines.
delivery write_lines(const batch& records, record_lines& as, output& out);

}  // namespace weir
