#pragma once
#include "parse/line_parser.hpp"

namespace weir {

/// Reads `key=value key="quoted value" flag` lines.
///
/// Strict: quotes stand only around a value, have an end and hold no unknown escape; every value
/// has a key; the line holds a `=`. Lenient: what breaks this is text. Where another separator than
/// blanks stands between pairs, those around keys and values do not count, and values may hold
/// some.
class logfmt_parser final : public line_parser {
 public:
  struct settings {
    bool lenient = false;
    bool infer = true;     ///< unquoted numbers, `true` and `false` are such values, else texts
    char separator = ' ';  ///< between pairs; a blank stands for any number of any blanks
    char assign = '=';     ///< between a key and its value
  };

  explicit logfmt_parser(settings how) noexcept : how_(how) {}

  verdict parse(std::string_view line, field_list& out) override;

 private:
  settings how_;
};

}  // namespace weir
