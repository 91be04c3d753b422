#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/context.hpp"
#include "weir/generator.hpp"

namespace weir {

/// Why a stream of bytes broke off, and where in its stored form.
struct byte_fault {
  std::string why;  ///< a short constant phrase, counted by the report: "gzip: data ends early"
  std::uint64_t from = 0;  ///< stored (compressed) bytes that it makes doubtful or lost: [from, to)
  std::uint64_t to = 0;
  bool cuts_line = true;  ///< an unfinished line before it is part of what is lost
  bool unverified =
      false;  ///< a checksum was wrong: nobody vouches for what came after `verified_to`
};

/// Some bytes of one shard, in order. Empty ones carry only time. `memory` keeps `bytes` alive and
/// has `block_padding` readable bytes after them. A fault ends what came before it; bytes after it,
/// if any chunk follows, begin afresh.
struct chunk {
  std::string_view bytes;
  std::shared_ptr<const block> memory;
  std::optional<byte_fault> fault = std::nullopt;
  /// How far the stream's checksums have been found right, as an offset in the decompressed stream
  /// at most at this chunk's end; 0 where there are none.
  std::uint64_t verified_to = 0;
};

/// A shard's bytes. A chunk is lent until the next step; its memory may be kept.
using byte_stream = generator<chunk, pull>;

}  // namespace weir
