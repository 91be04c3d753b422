#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/record.hpp"

namespace weir {

/// How a parsed field's text is to be taken.
enum class text_form : std::uint8_t {
  plain,    ///< a string, as it is
  escaped,  ///< a string with valid JSON escapes
  json,     ///< a valid JSON value: a number, `true`, `null`, an object, ...
};

/// One field that a parser found in a line. Name and text lie in memory that the record's batch
/// keeps alive. A null name ends a record's fields.
struct parsed_field {
  const char* name = nullptr;
  const char* text = nullptr;
  std::uint32_t text_size = 0;
  std::uint16_t name_size = 0;
  text_form form = text_form::plain;

  std::string_view key() const noexcept { return {name, name_size}; }
  std::string_view content() const noexcept { return {text, text_size}; }
};

/// The fields of a batch's parsed records, one record after the other.
struct field_table {
  std::vector<parsed_field> all;
  std::shared_ptr<const void> names;  ///< keeps the names alive; empty for constants
};

/// The fields of `r`, up to one without a name. Precondition: shape::fields.
inline const parsed_field* fields_of(const record& r) noexcept {
  return r.store().fields->all.data() + r.index();
}

/// The value at `path`; the first of duplicates. Precondition: shape::fields.
value find_parsed(const record& r, const field_path& path) noexcept;

/// Appends the record as one JSON object. Precondition: shape::fields.
void write_parsed(const record& r, std::string& out);

}  // namespace weir
