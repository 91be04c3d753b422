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
  std::uint64_t from = 0;  ///< stored (compressed) bytes that are lost: [from, to)
  std::uint64_t to = 0;
  std::uint64_t unverified_records_from =
      0;  ///< decompressed offset after which nothing is vouched for
};

/// Some bytes of one shard, in order. Empty ones carry only time. `memory` keeps `bytes` alive and
/// has `block_padding` readable bytes after them. A fault ends what came before it; bytes after it,
/// if any chunk follows, begin afresh.
struct chunk {
  std::string_view bytes;
  std::shared_ptr<const block> memory;
  std::optional<byte_fault> fault;
};

/// A shard's bytes. A chunk is lent until the next step; its memory may be kept.
using byte_stream = generator<chunk, pull>;

}  // namespace weir
