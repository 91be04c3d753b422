#pragma once
#include <functional>
#include <memory>

#include "base/chunk.hpp"
#include "source/reading.hpp"
#include "weir/stream.hpp"

namespace weir {

/// The records of a shard's content, which begins at `from`. Ends at its end or when drained; also
/// when `broke_off` says that an empty chunk stood for a failure: a line that the failure cut in
/// two stays unread. `how` and `with` outlive the stream and its batches.
stream framed(byte_stream content, std::shared_ptr<const shard> of, position from, reading& how,
              const context& with, std::function<bool()> broke_off);

}  // namespace weir
