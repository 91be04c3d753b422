#pragma once
#include <string_view>

namespace weir {

// What some devices put in front of their messages beside what RFC 3164 knows. Each function takes
// its piece off the front of `text`, and leaves `text` alone if it is not there.

/// ESXi's `Er(163) ` behind the time, or behind the host: a severity, and the priority.
struct short_severity {
  std::string_view severity;  ///< by name; empty if there is none
  std::string_view facility;  ///< by name; empty if the number is none of syslog
  bool continued = false;     ///< `Er(163)+ `: a further line of the message before
};
short_severity take_short_severity(std::string_view& text) noexcept;

}  // namespace weir
