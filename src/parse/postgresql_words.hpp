#pragma once
#include <cstddef>
#include <string_view>

namespace weir {

/// A level or an addition as PostgreSQL writes it in another language than English (lc_messages).
struct translated_word {
  std::string_view english;  ///< empty if there is none
  std::size_t size = 0;      ///< of what stands there for it
};
/// That in front of a colon: `text` ends where the colon is.
translated_word translated_word_at_end_of(std::string_view text) noexcept;

}  // namespace weir
