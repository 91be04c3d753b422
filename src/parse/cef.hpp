#pragma once
#include "parse/line_parser.hpp"

namespace weir {

/// Reads events of CEF, `CEF:0|vendor|product|version|id|name|severity|key=value ...`, and of LEEF,
/// `LEEF:2.0|vendor|product|version|id|delimiter|key=value...`. What stands in front of one, as
/// syslog's header, becomes `prefix`.
class security_event_parser final : public line_parser {
 public:
  enum class kind : unsigned char { cef, leef };

  security_event_parser(kind is, bool lenient) noexcept : is_(is), lenient_(lenient) {}

  verdict parse(std::string_view line, field_list& out) override;

 private:
  verdict parse_cef(std::string_view line, std::string_view rest, field_list& out);
  verdict parse_leef(std::string_view line, std::string_view rest, field_list& out);
  verdict take_header(std::string_view line, std::string_view& rest,
                      std::span<const std::string_view> names, field_list& out) const;

  kind is_;
  bool lenient_;
};

}  // namespace weir
