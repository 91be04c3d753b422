#pragma once
#include <string>
#include <string_view>

namespace weir {

/// Whether `text` is a number as JSON writes it.
bool is_json_number(std::string_view text) noexcept;

/// The same, or `true` or `false`.
inline bool is_json_number_or_bool(std::string_view text) noexcept {
  return text == "true" || text == "false" || is_json_number(text);
}

/// Appends the number that `text` is, as JSON writes it: without a plus sign and leading zeros,
/// with digits on both sides of a point, and without a fraction if `whole` is asked for. False, and
/// nothing appended, if it is no number.
bool append_json_number(std::string_view text, bool whole, std::string& out);

}  // namespace weir
