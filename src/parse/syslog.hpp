#pragma once
#include <string>
#include <string_view>

#include "parse/line_parser.hpp"

namespace weir {

/// Reads syslog lines: RFC 5424 where a version stands behind the priority, else what RFC 3164
/// describes, as files and devices write it: with or without priority, with a year or an RFC 3339
/// time, without a host. A length in front (RFC 6587) has to be right.
///
/// Strict: RFC 5424 to the letter, RFC 3164 with a time that is one. Lenient: what does not fit is
/// the message.
class syslog_parser final : public line_parser {
 public:
  explicit syslog_parser(bool lenient) noexcept : lenient_(lenient) {}

  verdict parse(std::string_view line, field_list& out) override;

 private:
  verdict parse_5424(std::string_view line, std::string_view text, field_list& out);
  verdict parse_data(std::string_view line, std::string_view& text, field_list& out);
  bool is_5424_time(std::string_view text);

  bool lenient_;
  std::string known_second_;  ///< of the last time that was one, up to its fraction
  std::string known_zone_;    ///< and behind it
  std::string json_;          ///< of the structured data
};

}  // namespace weir
