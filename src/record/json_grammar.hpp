#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

/// What is wrong with a JSON text, and at which byte.
struct json_fault {
  std::string_view why;  ///< a constant phrase; empty if nothing is wrong
  std::uint32_t at = 0;
  bool ok() const noexcept { return why.empty(); }
};

inline constexpr std::size_t json_depth = 1024;

/// Whether `text` is one JSON object as RFC 8259 has it, in valid UTF-8, nested at most `max_depth`
/// deep. Reads every byte once. The reference for the fast path, and what tells the user the exact
/// place.
json_fault check_json_object(std::string_view text, std::size_t max_depth = json_depth) noexcept;

/// The same for one JSON value of any kind.
json_fault check_json(std::string_view text, std::size_t max_depth = json_depth) noexcept;

/// The checks that `json trust=true` still makes: UTF-8, balanced quotes, the outer braces.
json_fault check_trusted_json(std::string_view text) noexcept;

/// The length of the number at the front of `text`, or 0 if there is none as RFC 8259 has it.
std::size_t json_number_length(std::string_view text) noexcept;

/// Whether every backslash in `text` begins a valid escape. Of valid JSON, only strings hold any.
bool json_escapes_valid(std::string_view text) noexcept;

}  // namespace weir
