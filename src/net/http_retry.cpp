#include "net/http_retry.hpp"

#include <utility>

namespace weir {
namespace {

using detail_reader = std::function<std::string(const http_response&)>;

http_result<http_response> good_answer(http_client& client, http_request what,
                                       const detail_reader& detail_of) {
  const std::string url = what.url;
  auto answer = client.fetch(std::move(what));
  if (!answer || answer->head.status < 400) return answer;
  const std::string detail = detail_of ? detail_of(*answer) : std::string{};
  return std::unexpected(failed_status(url, answer->head, client.time().wall_ns(), detail));
}

}  // namespace

bool may_retry(const http_failure& why, bool repeatable) noexcept {
  if (why.lasting) return false;
  switch (why.what) {
    case http_failure::kind::unsent:
      return true;
    case http_failure::kind::unknown:
      return repeatable;
    case http_failure::kind::status:
      return repeatable || why.status == 429 || why.status == 503;
    case http_failure::kind::interrupted:
      return false;
  }
  std::unreachable();
}

http_result<http_response> fetch_patiently(http_client& client, const request_maker& make,
                                           const backoff_policy& policy, uniform_chance chance,
                                           const detail_reader& detail_of) {
  auto waits = backoff(policy, std::move(chance));
  for (;;) {
    http_request what = make();
    const bool repeatable = is_repeatable(what);
    auto answer = good_answer(client, std::move(what), detail_of);
    if (answer || !may_retry(answer.error(), repeatable)) return answer;
    const auto* const wait = waits.next(answer.error().retry_after);
    if (wait == nullptr) return answer;
    if (!client.pause(client.time().now() + *wait)) return answer;
  }
}

}  // namespace weir
