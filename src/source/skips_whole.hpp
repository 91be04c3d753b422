#pragma once
#include <functional>

#include "weir/record.hpp"

namespace weir {

/// A source that passes over what an earlier run has read to its end, without asking for it again.
class skips_whole {
 public:
  /// Whether that is so of this shard, as it is now.
  using was_read_whole = std::function<bool(const shard&)>;

  virtual ~skips_whole() = default;
  /// To be said before the source is opened. Any thread calls `was_read`, for as long as there are
  /// streams.
  virtual void skip(was_read_whole was_read) = 0;
};

}  // namespace weir
