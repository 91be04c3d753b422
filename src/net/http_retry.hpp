#pragma once
#include <functional>
#include <string>

#include "net/backoff.hpp"
#include "net/http_client.hpp"

namespace weir {

/// What a service says in an answer that is an error.
struct error_story {
  std::string detail = {};  ///< for the message; empty if it says nothing
  /// Its cause has been removed (credentials renewed, the region learnt): worth one more attempt at
  /// once.
  bool mended = false;
};
using error_reader = std::function<error_story(const http_head& head, const std::string& body)>;

/// Makes the request of one attempt, so that each can be signed anew. Fails if nobody can sign it.
using request_maker = std::function<http_result<http_request>()>;

/// Whether another attempt may succeed and can do no harm: a request that may not be repeated is
/// sent again only if nothing of it arrived, or the server answered that it did nothing (429, 503).
bool may_retry(const http_failure& why, bool repeatable) noexcept;

/// The whole answer to what `make` makes, tried again as the policy has it. An answer with a status
/// of 300 or more is a failure, and so is a body of more than `most_bytes`.
http_result<http_response> fetch_patiently(http_client& client, const request_maker& make,
                                           const backoff_policy& policy, uniform_chance chance,
                                           const error_reader& read_error = {},
                                           std::size_t most_bytes = 4 << 20);

}  // namespace weir
