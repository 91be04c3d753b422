#include "sink/http_answer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t detail_bytes_max = 120;

bool is_success(int status) noexcept {
  return status >= 200 && status < 300;
}

/// Statuses of which the cause is in the request's address, credentials or form.
bool concerns_every_request(int status) noexcept {
  constexpr std::array such{401, 402, 403, 404, 405, 406, 407, 410,
                            411, 415, 417, 421, 426, 428, 431, 451};
  return std::ranges::find(such, status) != such.end();
}

/// The first line of a short text body: what the server says of the cause.
std::string detail_of(std::string_view body) {
  body = body.substr(0, body.find_first_of("\r\n"));
  const bool text = body.size() <= detail_bytes_max && !body.starts_with('<') &&
                    simdjson::validate_utf8(body.data(), body.size());
  if (!text) return {};
  std::string out{body};
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return out;
}

std::string reason_of(const http_response& answer) {
  const std::string detail = detail_of(answer.body);
  const std::string status = fmt::format("HTTP {}", answer.head.status);
  return detail.empty() ? status : status + ": " + detail;
}

delivery_error failure(delivery_error::kind what, const http_failure& why) {
  const std::string hint = why.hint.empty() ? std::string{} : fmt::format(" ({})", why.hint);
  return {.what = what,
          .message = why.message + hint,
          .code = exit_code::unavailable,
          .retry_after = why.retry_after};
}

http_outcome failed(delivery_error::kind what, const http_failure& why) {
  return {.is = http_outcome::kind::failed, .why = failure(what, why)};
}

http_outcome without_answer(const http_failure& why) {
  // It broke off behind its head, which says enough.
  if (is_success(why.status)) return {};
  return {.is = http_outcome::kind::failed, .why = as_delivery_error(why)};
}

http_outcome redirected(const http_response& answer, const std::string& url) {
  const std::string* const to = answer.head.find("Location");
  const std::string where = to == nullptr ? "elsewhere" : "to " + shown_url(*to);
  return failed(delivery_error::kind::broken,
                {.what = http_failure::kind::status,
                 .message = fmt::format("{}: HTTP {}, it leads {}", shown_url(url),
                                        answer.head.status, where),
                 .hint = "name that address; records do not follow redirects"});
}

}  // namespace

delivery_error as_delivery_error(const http_failure& why) {
  using enum delivery_error::kind;
  if (why.lasting) return failure(broken, why);
  return failure(why.what == http_failure::kind::unsent ? refused : unknown, why);
}

http_outcome outcome_of(const http_result<http_response>& got, const std::string& url,
                        std::int64_t wall_ns) {
  using enum delivery_error::kind;
  if (!got) return without_answer(got.error());
  const int status = got->head.status;
  if (is_success(status)) return {};
  if (status < 400) return redirected(*got, url);
  const http_failure why = failed_status(url, got->head, wall_ns, detail_of(got->body));
  // With a key, 409 says that the same request is still being worked on.
  if (status == 425 || status == 429 || status == 503 || status == 409) return failed(refused, why);
  if (status >= 500 || !why.lasting) return failed(unknown, why);
  if (concerns_every_request(status)) return failed(broken, why);
  return {.is = http_outcome::kind::not_these, .reason = reason_of(*got)};
}

}  // namespace weir
