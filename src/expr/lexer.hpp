#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "weir/diagnostic.hpp"

namespace weir::expr {

/// A word or sign of an expression.
struct token {
  enum class kind : std::uint8_t {
    end,
    number,       ///< `5`, `1.5e3`
    duration,     ///< `2h30m`
    text,         ///< '...' or "...", decoded
    name,         ///< a bare word; keywords too
    quoted_name,  ///< `...`, decoded
    sign,         ///< an operator or a bracket
    wrong,        ///< reported already
  };
  kind type = kind::end;
  std::string text;
  text_span where;  ///< in the whole pipeline text

  bool is(kind k, std::string_view what) const noexcept { return type == k && text == what; }
};

/// Cuts an expression into tokens; the last one is `end`. Reports what no token can be, every such
/// place.
std::vector<token> read_tokens(const located_text& source, reporter& report);

/// Whether two ASCII words are the same but for case.
bool same_word(std::string_view a, std::string_view b) noexcept;

}  // namespace weir::expr
