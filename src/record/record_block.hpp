#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// Writes records as bytes from which they come back as they are: text and source bytes, what a
/// parser noted, shard and place. What belongs to a run or to a batch (counts, rejects, what became
/// of a record) does not go with them.
class record_block_writer {
 public:
  void add(const record& r);
  std::uint64_t records() const noexcept { return records_; }
  /// What the block has so far.
  std::size_t size_bytes() const noexcept { return bytes_.size(); }
  /// Gives the block, and begins the next one.
  std::string take();

 private:
  void enter(const shard& of);

  std::string bytes_;
  std::uint64_t records_ = 0;
  const shard* latest_ = nullptr;  ///< of the record before, in this block
};

/// Reads blocks back. One thread.
class record_block_reader {
 public:
  /// Tells up to which number the records of a shard have gone on already.
  using already = std::function<std::uint64_t(const shard&)>;

  /// Records of before are left out; unset for none.
  explicit record_block_reader(already gone_on = {}) : gone_on_(std::move(gone_on)) {}

  /// Adds the records of `block` to `out`, which has none, in runs of their shards; numbers in
  /// between are elsewhere. `block` lies in memory of `out`, followed by `block_padding` readable
  /// bytes. Throws weir::error (io) if it is no such block.
  void read(std::string_view block, batch& out);

 private:
  struct known_shard {
    std::shared_ptr<const shard> is;
    std::uint64_t gone_on = 0;  ///< its records up to this number
  };

  known_shard meet(shard said, const std::vector<known_shard>& in_block) const;

  already gone_on_;
  std::vector<known_shard> known_;  ///< those of the latest block
};

}  // namespace weir
