#pragma once
#include <chrono>

#include "net/backoff.hpp"
#include "net/http.hpp"

namespace weir {

/// How a cloud's metadata services are asked. They are near: they answer at once, without proxies,
/// or they are not there.
inline http_options nearby_http_options() {
  http_options options;
  options.direct = true;
  options.redirects_max = 0;
  options.time_outs = {.connect = std::chrono::seconds{1},
                       .first_byte = std::chrono::seconds{5},
                       .idle = std::chrono::seconds{5},
                       .total = std::chrono::seconds{10}};
  return options;
}

inline constexpr backoff_policy nearby_patience{.first = std::chrono::milliseconds{100},
                                                .longest = std::chrono::seconds{1},
                                                .budget = std::chrono::seconds{3},
                                                .attempts_max = 3};

}  // namespace weir
