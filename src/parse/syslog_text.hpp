#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// The pieces that syslog lines are made of. Each function takes its piece off the front of `text`,
// and leaves `text` alone if it is not there.

/// `<34>`: 0 to 191.
std::optional<unsigned> take_priority(std::string_view& text) noexcept;
constexpr bool is_priority(unsigned number) noexcept {
  return number <= 191;
}
std::string_view facility_name(unsigned priority) noexcept;
std::string_view severity_name(unsigned priority) noexcept;
/// That of `%SYS-5-CONFIG_I: `, by name; empty if `text` begins with no such tag.
std::string_view severity_of_mnemonic(std::string_view text) noexcept;

/// `Oct 11 22:14:15`, also with a year, a fraction, or a one-digit day; or an RFC 3339 time. Empty
/// if there is none.
std::string_view take_syslog_time(std::string_view& text) noexcept;

bool is_tag(std::string_view word) noexcept;
/// Whether the word behind the time may be a host, and no tag, pair or list.
bool is_host(std::string_view word) noexcept;
/// ` CET` between the time and a host. Where a tag follows, it is the host that is called so.
bool take_zone_in_front_of_host(std::string_view& text) noexcept;

/// What Cisco's devices write behind the priority: `4521: HOST: *Mar  1 18:46:11.123 UTC: `, where
/// all but the time and its colon may be missing. The numbers count messages, `*` and `.` tell of
/// a clock that is not set.
struct device_header {
  std::string_view host;  ///< empty if there is none
  std::string_view time;  ///< with its zone; empty if this is no such header
};
device_header take_device_header(std::string_view& text) noexcept;

/// Up to a blank or the end.
std::string_view take_word(std::string_view& text) noexcept;
/// Visible ASCII characters.
std::string_view take_printable(std::string_view& text) noexcept;
bool take_char(std::string_view& text, char c) noexcept;

/// RFC 5424's `[id name="value"][...]`; appends it to `json` as an object of objects. False, with
/// `text` at the fault, if it is malformed.
bool take_structured_data(std::string_view& text, std::string& json);

}  // namespace weir
