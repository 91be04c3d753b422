#pragma once
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/line_parser.hpp"

namespace weir {

/// What the lines of a format look like: fields, and the texts between them. Spelled as nginx's
/// `log_format` spells it, `$remote_addr [$time_local] "$request" $status`.
struct layout {
  enum class content : unsigned char {
    text,
    number,
    status,        ///< a number, the HTTP status of the answer: it may have leading zeros
    maybe_number,  ///< a number where it looks like one: several values may stand in a row
    time,
    clf_time,  ///< holds a blank
    request,   ///< becomes method, path and protocol
  };
  struct field {
    std::string name;
    content holds = content::text;
    bool quoted = false;  ///< a backslash takes the next byte with it
    bool word = false;    ///< holds no blank
    /// Its quote is the last one of the line, so that it may hold others as they are.
    bool last_quoted = false;
    std::string behind;  ///< the text up to the next field; empty at the line's end
  };

  std::string front;  ///< the text before the first field
  std::vector<field> fields;
  std::size_t least = SIZE_MAX;  ///< a line may end behind so many fields
};

/// What the names in a layout mean, separated by blanks.
struct layout_names {
  std::string_view numbers = "";
  std::string_view times = "";
  std::string_view status = "";
  std::string_view optional_from = "";  ///< this field and those behind it may be missing
  bool words = false;                   ///< a field without quotes holds no blank
};

/// Reads a layout, or says what is wrong with it.
std::expected<layout, std::string> read_layout(std::string_view text, const layout_names& names);

struct layout_settings {
  /// Strict: times and numbers are what they should be, and nothing stands behind the last field.
  /// Lenient: they may be any text, and more text is the field `rest`.
  bool lenient = false;
  bool status_level = false;  ///< add `level` by the class of the status
};

/// Reads lines of a layout; a `-` and an empty text are a missing field.
class layout_parser final : public line_parser {
 public:
  layout_parser(std::shared_ptr<const layout> of, layout_settings how);

  verdict parse(std::string_view line, field_list& out) override;

 private:
  verdict add(const layout::field& f, std::string_view text, std::uint32_t at, field_list& out);
  verdict add_number(const layout::field& f, std::string_view text, std::uint32_t at,
                     field_list& out);
  bool is_time(std::string_view text);

  std::shared_ptr<const layout> layout_;
  layout_settings how_;
  std::string_view status_;  ///< of the line; empty for none
  std::string known_time_;   ///< the latest good one: most neighbours share it
};

}  // namespace weir
