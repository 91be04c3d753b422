#pragma once
#include <cstdint>
#include <string>

#include "net/http.hpp"
#include "weir/sink.hpp"

namespace weir {

/// What an answer to a request with records means for them.
struct http_outcome {
  enum class kind : std::uint8_t {
    taken,
    not_these,  ///< there is something wrong with the records, or with one of them
    failed,     ///< with the delivery: `why` tells
  };
  kind is = kind::taken;
  std::string reason = {};  ///< of `not_these`: "HTTP 422: `time` is missing"
  delivery_error why = {.what = delivery_error::kind::broken, .message = {}};
};

/// What a request that came to nothing means for a delivery, if it may be repeated: a lasting
/// failure breaks the sink.
delivery_error as_delivery_error(const http_failure& why);

/// 2xx: taken. 429, 503 and what else says "not now": to be tried again. A status about the
/// request's content (400, 413, 422, ...): not these. One about access or the address (401, 403,
/// 404, a redirect, ...) says that no record will ever be taken: broken. A lost answer: unknown.
http_outcome outcome_of(const http_result<http_response>& got, const std::string& url,
                        std::int64_t wall_ns);

}  // namespace weir
