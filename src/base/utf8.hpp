#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// The length of the well-formed UTF-8 sequence at the front (Unicode 15, table 3-7), or 0.
std::size_t utf8_length(std::string_view s) noexcept;

/// Where the first byte lies that makes `text` invalid UTF-8; its size if none does.
std::size_t first_invalid_utf8(std::string_view text) noexcept;

/// Appends the character of number `code`, which is one of Unicode's.
void append_utf8(std::uint32_t code, std::string& out);

}  // namespace weir
