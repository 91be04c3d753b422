#pragma once
#include <cstddef>
#include <string_view>

#include "weir/memory.hpp"

namespace weir {

/// The place of the quote that ends the text beginning at `from`, or npos. A backslash takes the
/// next byte with it.
std::size_t closing_quote(std::string_view text, std::size_t from) noexcept;

/// A quoted text with its escapes resolved.
struct unquoted {
  static constexpr std::size_t none = std::string_view::npos;

  std::string_view content;
  std::size_t fault_at = none;  ///< the first escape that is unknown, and stays as it stands
  bool ok() const noexcept { return fault_at == none; }
};

/// Resolves the escapes of Go's strings: those of C, \xHH, octal, \uHHHH and \UHHHHHHHH. What would
/// not be UTF-8 counts as unknown. The content lies in `memory`.
unquoted unquote(std::string_view text, arena& memory);

}  // namespace weir
