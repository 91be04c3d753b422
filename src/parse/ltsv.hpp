#pragma once
#include "parse/line_parser.hpp"

namespace weir {

/// Reads labelled tab-separated values, `time:[...]	status:200`: see ltsv.org.
///
/// Strict: each field has a label of letters, digits, `_`, `.` and `-`. Lenient: a label may hold
/// anything, and what has none is left out.
class ltsv_parser final : public line_parser {
 public:
  struct settings {
    bool lenient = false;
    bool infer = true;          ///< numbers are such values, else texts
    bool status_level = false;  ///< add `level` by the class of `status`
  };

  explicit ltsv_parser(settings how) noexcept : how_(how) {}

  verdict parse(std::string_view line, field_list& out) override;

 private:
  void add(std::string_view label, std::string_view text, field_list& out) const;

  settings how_;
};

}  // namespace weir
