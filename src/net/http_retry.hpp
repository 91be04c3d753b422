#pragma once
#include <functional>

#include "net/backoff.hpp"
#include "net/http_client.hpp"

namespace weir {

/// Makes the request of one attempt, so that each can be signed anew.
using request_maker = std::function<http_request()>;

/// Whether another attempt may succeed and can do no harm: a request that may not be repeated is
/// sent again only if nothing of it arrived, or the server answered that it did nothing (429, 503).
bool may_retry(const http_failure& why, bool repeatable) noexcept;

/// The whole answer to what `make` makes, tried again as the policy has it. An answer with a status
/// of 400 or more is a failure; `detail_of` tells what its body says of the cause (may be empty).
http_result<http_response> fetch_patiently(
    http_client& client, const request_maker& make, const backoff_policy& policy,
    uniform_chance chance, const std::function<std::string(const http_response&)>& detail_of = {});

}  // namespace weir
