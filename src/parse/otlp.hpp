#pragma once
#include <string>

#include "parse/line_parser.hpp"

namespace weir {

/// Reads a log record of OTLP's JSON. Values lose the wrapping that tells their type, and lists of
/// attributes become objects; all else stays as it is. Names may be those of the protocol's
/// definition (`time_unix_nano`): they become those of its JSON.
class otlp_parser final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override;

 private:
  void add(std::string_view name, std::string_view value, field_list& out);

  std::string scratch_;
};

}  // namespace weir
