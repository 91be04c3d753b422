#pragma once
#include "base/chunk.hpp"

namespace weir {

/// The bytes of a stream of which `first` was taken already.
byte_stream rejoined(chunk first, byte_stream rest);

}  // namespace weir
