// How the text of an option becomes a value of its type, and how a value is shown.

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "base/hidden_password.hpp"
#include "base/time.hpp"
#include "base/whole_number.hpp"
#include "net/http.hpp"
#include "weir/component.hpp"

namespace weir {
namespace {

/// Reads all of `text` as a number; says which of the two things that can be wrong is.
template <class T>
conversion read_integer(std::string_view text, T& out) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong == std::errc::result_out_of_range)
    return fmt::format("an integer from {} to {}", std::numeric_limits<T>::min(),
                       std::numeric_limits<T>::max());
  if (wrong != std::errc{} || end != text.data() + text.size())
    return std::unsigned_integral<T> ? "a whole number, not negative" : "an integer";
  return std::nullopt;
}

struct size_unit {
  std::string_view name;
  std::uint64_t bytes;
};
/// From large to small, the binary one first where two would do. `64K` is 64 KiB, as in GNU's
/// tools.
constexpr std::array<size_unit, 14> size_units{{{"TiB", 1ULL << 40},
                                                {"T", 1ULL << 40},
                                                {"TB", 1'000'000'000'000},
                                                {"GiB", 1ULL << 30},
                                                {"G", 1ULL << 30},
                                                {"GB", 1'000'000'000},
                                                {"MiB", 1ULL << 20},
                                                {"M", 1ULL << 20},
                                                {"MB", 1'000'000},
                                                {"KiB", 1ULL << 10},
                                                {"K", 1ULL << 10},
                                                {"kB", 1'000},
                                                {"KB", 1'000},
                                                {"B", 1}}};

std::optional<std::uint64_t> bytes_of(std::string_view unit) {
  if (unit.empty()) return 1;
  for (const size_unit& known : size_units)
    if (known.name == unit) return known.bytes;
  return std::nullopt;
}

/// Or none.
bool has_good_port(std::string_view url) {
  std::string_view host = url.substr(url.find("://") + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1 is 0
  const auto colon = host.rfind(':');
  if (colon == host.npos || host.ends_with(']') || colon + 1 == host.size()) return true;
  const auto port = whole_number(host.substr(colon + 1));
  return port && *port > 0 && *port < 65'536;
}

}  // namespace

conversion convert(std::string_view text, bool& out) {
  out = text == "true" || text == "yes" || text == "on";
  if (out || text == "false" || text == "no" || text == "off") return std::nullopt;
  return "true or false";
}

conversion convert(std::string_view text, std::int64_t& out) {
  return read_integer(text, out);
}
conversion convert(std::string_view text, std::uint64_t& out) {
  return read_integer(text, out);
}

conversion convert(std::string_view text, double& out) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong != std::errc{} || end != text.data() + text.size() || !std::isfinite(out))
    return "a number such as 0.5";
  return std::nullopt;
}

conversion convert(std::string_view text, std::string& out) {
  out = text;
  return std::nullopt;
}

conversion convert(std::string_view text, std::chrono::nanoseconds& out) {
  const auto read = parse_duration(text);
  if (!read) return "a duration such as 2s, 150ms or 1h30m";
  out = *read;
  return std::nullopt;
}

conversion convert(std::string_view text, byte_size& out) {
  constexpr auto expected = "a number of bytes such as 64KiB, 1MB or 4096";
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, wrong] = std::from_chars(text.data(), last, number);
  if (wrong != std::errc{}) return expected;
  const auto unit = bytes_of({end, last});
  if (!unit || __builtin_mul_overflow(number, *unit, &out.bytes)) return expected;
  return std::nullopt;
}

conversion convert(std::string_view text, moment& out) {
  if (!text.empty() && !parse_duration(text) && !parse_time(text))
    return "a time such as 2026-01-02T03:04:05Z, a date, or a duration back such as 2h";
  out.text = text;
  return std::nullopt;
}

conversion convert(std::string_view text, secret& out) {
  out = secret{std::string{text}};
  return std::nullopt;
}

conversion convert(std::string_view text, secret_url& out) {
  out = secret_url{std::string{text}};
  return std::nullopt;
}

conversion convert(std::string_view text, web_url& out) {
  if (!text.starts_with("http://") && !text.starts_with("https://"))
    return "a URL of http:// or https://";
  if (!has_good_port(text)) return "a URL whose port lies between 1 and 65535";
  out.text = text;
  return std::nullopt;
}

std::string show(bool v) {
  return v ? "true" : "false";
}
std::string show(std::int64_t v) {
  return fmt::format("{}", v);
}
std::string show(std::uint64_t v) {
  return fmt::format("{}", v);
}
std::string show(double v) {
  return fmt::format("{}", v);
}
std::string show(const std::string& v) {
  return v;
}
std::string show(std::chrono::nanoseconds v) {
  return format_duration(v);
}

std::string show(byte_size v) {
  for (const size_unit& unit : size_units)
    if (v.bytes != 0 && unit.bytes > 1 && v.bytes % unit.bytes == 0)
      return fmt::format("{}{}", v.bytes / unit.bytes, unit.name);
  return fmt::format("{}", v.bytes);
}

std::string show(const moment& v) {
  return v.text;
}

std::string show(const web_url& v) {
  return shown_url(v.text);
}

std::string show(const secret& v) {
  return v.reveal().empty() ? "" : "***";
}

std::string show(const secret_url& v) {
  return hide_passwords(v.reveal());
}

}  // namespace weir
