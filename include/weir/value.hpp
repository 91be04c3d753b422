#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What kind of thing a value is. `missing` is an absent field; everything but `is [not] missing`
/// and the output treats it as null. `decimal` is a number that neither int64 nor double holds
/// exactly: its text is the number.
enum class kind : std::uint8_t {
  missing,
  null,
  boolean,
  integer,
  real,
  decimal,
  string,
  object,
  array,
  time,
};

/// The lower-case name of a kind, as messages print it.
std::string_view name_of(kind k) noexcept;

/// One value as expressions and user code see it: a view that owns nothing. It is valid as long as
/// the record that it came from is unchanged and its batch is alive.
struct value {
  kind type = kind::missing;
  /// A string whose `text` still holds JSON escapes; `unescape` gives its content.
  bool escaped = false;
  union {
    std::int64_t integer = 0;  ///< kind::integer, and kind::time as nanoseconds since 1970
    double real;
    bool boolean;
  };
  /// string: its content, without quotes. Numbers: the text as it was read, or empty if the number
  /// was computed. object, array: its JSON. Else unused.
  std::string_view text;

  bool is_null() const noexcept { return type <= kind::null; }
  bool is_number() const noexcept { return type >= kind::integer && type <= kind::decimal; }

  static value null() noexcept;
  static value of(bool b) noexcept;
  static value of(std::int64_t i) noexcept;
  static value of(double d) noexcept;
  static value of(std::string_view s) noexcept;
  static value of(const char* s) noexcept { return of(std::string_view{s}); }
  static value at_nanoseconds(std::int64_t since_epoch) noexcept;
};

/// Reads one JSON value from its text, which is valid JSON without surrounding blanks. Exact: an
/// integer outside int64, or a number that double cannot hold exactly, becomes a decimal.
value read_json(std::string_view json) noexcept;

/// Appends `v` as JSON: a number with known text as it was read, a time as an RFC 3339 string,
/// `missing` as null. Control characters are always escaped; an escaped string is copied.
void write_json(const value& v, std::string& out);

/// Appends `text` as a JSON string with its quotes. `text` is UTF-8.
void write_json_string(std::string_view text, std::string& out);
/// The same for text that holds JSON escapes already: only raw control characters are escaped.
void write_escaped_json_string(std::string_view json_string, std::string& out);

/// Appends the content of a JSON string (the text between the quotes) with its escapes resolved. A
/// lone surrogate becomes U+FFFD, as does a malformed escape.
void unescape(std::string_view json_string, std::string& out);

/// Where a field lies: `a.b[0]` is {a, b, 0}.
struct field_path {
  struct segment {
    std::string name;           ///< the member's name, unescaped; unused for an element
    std::int64_t element = -1;  ///< index into an array, or -1 for a member
    friend bool operator==(const segment&, const segment&) = default;
  };
  std::vector<segment> segments;

  /// The path as the pipeline text spells it, with backticks where a name needs them.
  std::string spelled() const;
  friend bool operator==(const field_path&, const field_path&) = default;
};

/// Reads a path from its spelling. Returns an empty path if `spelling` is not one.
field_path parse_path(std::string_view spelling);

}  // namespace weir
