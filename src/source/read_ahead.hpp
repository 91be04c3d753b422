#pragma once
#include <functional>
#include <optional>

#include "base/chunk.hpp"
#include "base/disk.hpp"

namespace weir {

/// Makes the bytes of a file, which end at a failed read that it notes in `failed`.
using byte_opener = std::move_only_function<byte_stream(std::optional<io_error>& failed)>;

/// The bytes that `open` makes, on a thread of their own and some blocks ahead of who pulls. Time,
/// faults and a failed read come in their place, as they do without the thread. `with` and `failed`
/// outlive the stream.
byte_stream read_ahead(byte_opener open, const context& with, std::optional<io_error>& failed);

}  // namespace weir
