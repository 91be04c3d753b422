#pragma once
#include <string>
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

/// What Cisco's devices write where they know no date: `19: 00:00:46: ` or `1w2d: `, a number of
/// the message and how long they have run. The latter, empty if there is none.
std::string_view take_uptime(std::string_view& text) noexcept;

/// Whether a line without a priority is surely one of Cisco's devices: with a mnemonic,
/// `%SYS-5-CONFIG_I: `, behind an uptime or NX-OS's time and host, or with a time that
/// take_device_header knows.
bool is_line_of_cisco(std::string_view line) noexcept;

/// What MikroTik's RouterOS writes in place of a tag: `system,error,critical `, topics one of which
/// is a severity.
struct message_topics {
  std::string_view topics;    ///< empty if there are none
  std::string_view severity;  ///< by syslog's name; the worst of several
};
message_topics take_topics(std::string_view& text) noexcept;

/// A date and a time with a blank between them, as Check Point has them in RFC 5424; empty if there
/// are none.
std::string_view take_date_and_clock(std::string_view& text) noexcept;

/// Check Point's `[name:"value"; name:"value";]`; appends it to `json` as an object.
bool take_check_point_data(std::string_view& text, std::string& json);

}  // namespace weir
