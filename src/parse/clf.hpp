#pragma once
#include <string>

#include "parse/line_parser.hpp"

namespace weir {

/// Reads the access logs of web servers: Common and Combined Log Format, with or without the
/// virtual host in front, each line by itself.
///
/// Strict: the line is exactly that. With more: what stands behind the last field becomes `rest`,
/// and the host may be a list, `192.0.2.7, 198.51.100.4`, as proxies forward it. Lenient: all this,
/// and the user may hold blanks, the time any text, quoted texts bare quotes.
class clf_parser final : public line_parser {
 public:
  struct settings {
    bool lenient = false;
    bool status_level = false;  ///< add `level` by the class of the status
    bool more = false;          ///< implied by lenient
  };

  explicit clf_parser(settings how) noexcept : how_(how) { how_.more = how.more || how.lenient; }

  verdict parse(std::string_view line, field_list& out) override;

 private:
  bool is_time(std::string_view text);

  settings how_;
  std::string known_time_;  ///< the latest good one: most neighbours share it
};

}  // namespace weir
