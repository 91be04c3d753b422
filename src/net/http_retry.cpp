#include "net/http_retry.hpp"

#include <utility>

namespace weir {
namespace {

/// One attempt; `mended` tells whether another one is worth while at once.
http_result<http_response> good_answer(http_client& client, http_request what,
                                       const error_reader& read_error, std::size_t most_bytes,
                                       bool& mended) {
  const std::string url = what.url;
  auto answer = client.fetch(std::move(what), most_bytes);
  if (!answer || answer->head.status < 300) return answer;
  const error_story story = read_error ? read_error(answer->head, answer->body) : error_story{};
  mended = story.mended;
  return std::unexpected(failed_status(url, answer->head, client.time().wall_ns(), story.detail));
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
                                           const error_reader& read_error, std::size_t most_bytes) {
  auto waits = backoff(policy, std::move(chance));
  bool mended_before = false;
  for (;;) {
    auto what = make();
    if (!what) return std::unexpected(what.error());
    const bool repeatable = is_repeatable(*what);
    bool mended = false;
    auto answer = good_answer(client, std::move(*what), read_error, most_bytes, mended);
    if (mended && !std::exchange(mended_before, true)) continue;
    if (answer || !may_retry(answer.error(), repeatable)) return answer;
    const auto* const wait = waits.next(answer.error().retry_after);
    if (wait == nullptr) return answer;
    if (!client.pause(client.time().now() + *wait)) return answer;
  }
}

}  // namespace weir
