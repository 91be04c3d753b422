#pragma once
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/record.hpp"
#include "weir/value.hpp"

namespace weir {

/// Text with places for fields: `{"text": "{{level}}: {{msg}}", "at": {{time}}}`.
///
/// Outside a JSON string a place is the field's value as JSON, null where the record has none;
/// inside one it is the value's text, escaped, and nothing where the record has none. So whatever
/// the records hold, JSON stays JSON.
class record_template {
 public:
  /// On failure says what is wrong with `text`.
  static std::expected<record_template, std::string> parse(std::string_view text);
  void append(const record& r, std::string& out) const;

 private:
  struct piece {
    std::string literal;
    field_path place;  ///< behind it; empty for none
    bool in_string = false;
  };
  std::vector<piece> pieces_;
};

/// How the records of one request become its body.
struct http_body {
  bool array = false;  ///< one JSON array instead of one record a line
  std::optional<record_template> record;
  /// What stands around the records; `around` splits it.
  std::string before;
  std::string behind;

  /// The place of the records in an envelope.
  static constexpr std::string_view records_place = "{{records}}";

  /// Takes `text`, which has one place for the records. On failure says what is wrong.
  std::expected<void, std::string> around(std::string_view text);
  std::string of(std::span<const weir::record* const> records) const;
};

}  // namespace weir
