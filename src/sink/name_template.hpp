#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "weir/record.hpp"
#include "weir/value.hpp"

namespace weir {

/// A file name with places for values: `out/{date}/{service}-{part}.ndjson`.
///
///   {field}, {a.b[0]}   the record's value at that path
///   {date}, {hour}      2026-01-31 and 23, in UTC
///   {part}              the number of the part, six digits from 000001
///   {{ and }}           braces
///
/// Date and hour are those of the record's @time, or of the start of the run where it has none. A
/// field called `date` is written {`date`}. Values are encoded so that no value, whoever wrote
/// it, leads out of the directory that the template names, hides a file, or makes a name too long:
/// see `append_encoded`. A missing field or null is `%null`, an empty text `%empty`.
class name_template {
 public:
  /// Stands in a stem for the part's number. No value contains it.
  static constexpr char part_mark = '\0';

  /// On failure says what is wrong with `text`.
  static std::expected<name_template, std::string> parse(std::string_view text);

  /// False for the plain name of one file.
  bool has_places() const noexcept;
  /// True if the name depends on the record.
  bool varies() const noexcept { return has_fields() || has_times(); }
  /// The fields whose values stand in it.
  std::vector<field_path> fields() const;

  /// Appends the name for `r` in a run that began at `started_ns`, with `part_mark` for the number
  /// of the part. Records of one stem go to one file at a time.
  void append_stem(const record& r, std::int64_t started_ns, std::string& out) const;
  /// The same where no record is needed. Precondition: !varies().
  std::string stem() const;

 private:
  enum class piece_kind : std::uint8_t { literal, field, date, hour, part };
  struct piece {
    piece_kind is;
    std::string text;             ///< of a literal
    field_path path;              ///< of a field
    std::size_t limit_bytes = 0;  ///< of a field's value in the name

    /// What it adds to the name, whatever the record.
    std::size_t fixed_bytes() const noexcept;
  };

  static std::expected<piece, std::string> place(std::string_view text);
  static void append_fixed(const piece& p, std::int64_t when_ns, std::string& out);
  void add_literal(char c);
  bool share_room();
  bool has_fields() const noexcept;
  bool has_times() const noexcept;

  std::vector<piece> pieces_;
};

/// Gives `stem` a place for the part's number, in front of its endings (`.ndjson.gz`), if it has
/// none.
void add_part_mark(std::string& stem);

/// `stem` with `part` in the place of each part's number.
std::string with_part(std::string stem, std::string_view part);

/// The file of part `number` of `stem`. Where the stem has no place for it, the first part has the
/// stem itself as its name and later ones get `-000002` in front of the endings.
std::string name_of_part(std::string stem, std::uint64_t number);

/// Appends `value` as part of one file name. Letters, digits and other printable ASCII stand for
/// themselves; control characters, `/`, `\`, `%`, bytes beyond ASCII and a dot at the beginning
/// become %XX. What would be longer than `limit_bytes` is cut and ends with `%~` and 16 hexadecimal
/// digits of its XXH3 hash, so that different values keep different names.
void append_encoded(std::string_view value, std::size_t limit_bytes, std::string& out);

}  // namespace weir
