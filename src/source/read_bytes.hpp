#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/chunk.hpp"
#include "base/disk.hpp"

namespace weir {

/// The bytes of `from` from its current place to its end, in pieces of what one read gives, at most
/// one block. Waits where the file's descriptor can be waited on, and while the memory budget is
/// used up; an empty chunk then answers for time. A failed read ends it: an empty chunk comes, and
/// `failed` is set. Drain is for the caller, who just stops pulling. `with`, `failed` and
/// `bytes_read`, which counts, outlive the stream.
byte_stream read_bytes(std::unique_ptr<file> from, const context& with,
                       std::atomic<std::uint64_t>& bytes_read, std::optional<io_error>& failed);

/// The bytes [begin, end) of a file that others go on writing, or fewer if it is cut off meanwhile.
/// Like `read_bytes` in all else; `from` outlives the stream.
byte_stream read_range(file& from, std::uint64_t begin, std::uint64_t end, const context& with,
                       std::atomic<std::uint64_t>& bytes_read, std::optional<io_error>& failed);

}  // namespace weir
