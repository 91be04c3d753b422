#pragma once
#include <string_view>

namespace weir::expr {

/// SQL's LIKE: `%` stands for any text, `_` for one character (of UTF-8, not one byte); `escape`,
/// unless it is 0, takes the meaning from the character after it. Case matters. Cost: at most
/// |text| * |pattern|, nearly always |text|.
bool like(std::string_view text, std::string_view pattern, char escape = 0) noexcept;

/// Whether each escape stands before a character: SQL calls other patterns an error.
bool valid_like_pattern(std::string_view pattern, char escape) noexcept;

}  // namespace weir::expr
