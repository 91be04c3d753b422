#include "net/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "base/whole_number.hpp"

namespace weir {
namespace {

using std::chrono::nanoseconds;

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_case(x) == lower_case(y); });
}

/// These say "not now"; every other status from 400 on says "not so".
bool is_passing(int status) noexcept {
  constexpr std::array passing{408, 425, 429, 500, 502, 503, 504};
  return std::ranges::find(passing, status) != passing.end();
}

std::string_view phrase_of(int status) noexcept {
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return "a redirect that is not followed, or one too many";
    case 400:
      return "bad request";
    case 401:
      return "not authorized";
    case 403:
      return "forbidden";
    case 404:
      return "not found";
    case 408:
      return "the server's time ran out";
    case 409:
      return "conflict";
    case 412:
      return "precondition failed";
    case 416:
      return "range not satisfiable";
    case 429:
      return "too many requests";
    case 500:
      return "internal server error";
    case 502:
      return "bad gateway";
    case 503:
      return "service unavailable";
    case 504:
      return "gateway timeout";
    default:
      return {};
  }
}

}  // namespace

const std::string* http_head::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [&](const http_header& h) { return same_name(h.name, name); });
  return found == headers.end() ? nullptr : &found->value;
}

std::optional<std::uint64_t> http_head::length() const {
  const std::string* const value = find("Content-Length");
  return value ? whole_number(*value) : std::nullopt;
}

std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto host = url.find("://") == url.npos ? 0 : url.find("://") + 3;
  const auto path = std::min(url.find('/', host), url.size());
  const auto user_end = url.substr(0, path).rfind('@');
  if (user_end == url.npos || user_end < host) return std::string{url};
  return std::string{url.substr(0, host)}.append(url.substr(user_end + 1));
}

bool is_repeatable(const http_request& r) noexcept {
  if (r.repeatable) return true;
  return r.method == "GET" || r.method == "HEAD" || r.method == "PUT" || r.method == "DELETE";
}

std::optional<nanoseconds> retry_after(const http_head& head, std::int64_t wall_ns) {
  const std::string* const text = head.find("Retry-After");
  if (text == nullptr) return std::nullopt;
  constexpr std::uint64_t day_seconds = 86'400;
  if (const auto seconds = whole_number(*text))
    return std::chrono::seconds{std::min(*seconds, day_seconds)};
  const auto date_ns = parse_rfc2822(*text);
  if (!date_ns) return std::nullopt;
  return std::max(nanoseconds{0}, nanoseconds{*date_ns} - nanoseconds{wall_ns});
}

http_failure failed_status(std::string_view url, const http_head& head, std::int64_t wall_ns,
                           std::string_view detail) {
  std::string message = fmt::format("{}: HTTP {}", shown_url(url), head.status);
  if (detail.empty()) detail = phrase_of(head.status);
  if (!detail.empty()) message += fmt::format(" ({})", detail);
  return {.what = http_failure::kind::status,
          .message = std::move(message),
          .status = head.status,
          .lasting = !is_passing(head.status),
          .retry_after = retry_after(head, wall_ns),
          .hint = {}};
}

}  // namespace weir
