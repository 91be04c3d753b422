#pragma once
#include <cstdint>
#include <optional>

#include "base/chunk.hpp"
#include "codec/codec.hpp"

namespace weir {

struct decode_options {
  std::optional<codec> as = std::nullopt;  ///< unset: the content tells
  /// Once more than `ratio_from_bytes` came out, more than `ratio` bytes out for one byte in is a
  /// fault.
  std::uint64_t ratio = 1000;
  std::uint64_t ratio_from_bytes = 16 << 20;
  std::optional<std::uint64_t> max_bytes = std::nullopt;  ///< more content than this is a fault
  std::optional<std::uint64_t> stored_bytes =
      std::nullopt;  ///< how long the stored form is, where it is known
};

/// The content of `stored`, decompressed if its first bytes say that it is compressed; plain chunks
/// pass untouched. Members of one file are joined. A chunk holds at most one block; each pull asks
/// upstream at most once, so `until` and `drain` hold here as they do there.
///
/// At a fault (cut off, corrupt, wrong checksum, trailing garbage, over a limit) everything that
/// was good comes first, then an empty chunk with the fault, then the end. Zero bytes after a
/// member are ignored. The fault's `from` is the first byte of the member that broke, or of the
/// garbage; its `to` is the end of the stored form: unless `stored_bytes` tells it, the rest is
/// read to find it. `with` outlives the stream.
byte_stream decode(byte_stream stored, decode_options options, const context& with);

/// Drops the first bytes of content, to go on at `begin`, where an earlier run stopped: also the
/// fault that lies there if `begin` is past it. Time and other faults pass. Content that ends or
/// breaks in front of `begin` is not what the earlier run read: an empty chunk comes, and
/// `missing_bytes` says how far it falls short. That outlives the stream.
byte_stream skip(byte_stream content, position begin, std::uint64_t& missing_bytes);

}  // namespace weir
