#pragma once
#include <chrono>
#include <cstdint>

#include "weir/component.hpp"

namespace weir {

struct batch_options {
  std::uint64_t records = 1000;
  std::chrono::nanoseconds timeout = std::chrono::seconds{1};
  byte_size bytes{8 << 20};
};

/// Regroups the stream into batches of `records` records or `bytes` of text, whichever is reached
/// first; the rest goes on `timeout` after the first record of a batch came, at the end, or when
/// the memory budget is used up. Progress never overtakes a held record.
stream regrouped(stream in, batch_options options, const context* with);

component batch_stage();

}  // namespace weir
