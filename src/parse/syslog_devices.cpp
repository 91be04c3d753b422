#include "parse/syslog_devices.hpp"

#include <array>
#include <charconv>

#include "base/ascii.hpp"
#include "base/text_front.hpp"
#include "parse/syslog_text.hpp"

namespace weir {
namespace {

/// In the order of syslog's numbers.
constexpr std::array<std::string_view, 8> short_names{"Em", "Al", "Cr", "Er",
                                                      "Wa", "No", "In", "Db"};

}  // namespace

short_severity take_short_severity(std::string_view& text) noexcept {
  unsigned severity = 0;
  while (severity < short_names.size() && !text.starts_with(short_names[severity])) ++severity;
  std::string_view left = text;
  const std::string_view word = take_word(left);
  const std::size_t close = word.find(')');
  if (severity == short_names.size() || word.size() < 3 || word[2] != '(' || close == word.npos)
    return {};
  const std::string_view number = word.substr(3, close - 3);
  const std::string_view behind = word.substr(close + 1);
  if (!all_digits(number) || !(behind.empty() || behind == "+")) return {};
  short_severity found{
      .severity = severity_name(severity), .facility = {}, .continued = !behind.empty()};
  unsigned priority = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), priority);
  if (read.ec == std::errc{} && is_priority(priority) && priority % 8 == severity)
    found.facility = facility_name(priority);
  text = left;
  take_front(text, " ");
  return found;
}

}  // namespace weir
