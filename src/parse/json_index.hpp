#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "weir/record.hpp"

namespace weir {

/// Finds the structural characters of JSON lines: simdjson's first stage, run over as many lines at
/// once as lie side by side in memory, because its cost for each call is a tenth of a short line's.
///
/// It checks UTF-8, that quotes balance, and that no control character stands in a string. One
/// thread at a time; the indexes that it gives may outlive it and be released by any thread.
class json_indexer {
 public:
  explicit json_indexer(std::shared_ptr<block_pool> pool);
  ~json_indexer();
  json_indexer(json_indexer&&) noexcept;
  json_indexer& operator=(json_indexer&&) noexcept;

  /// Begins an index with room for the structurals of `capacity_bytes` of text after `base`.
  void begin(const char* base, std::size_t capacity_bytes);
  /// Adds the structurals of `text`, which lies behind everything added so far. False, and nothing
  /// added, if the text is not what the class promises. Precondition: begin() gave enough room.
  bool add(std::string_view text);
  /// What was found so far. Valid until the next call.
  std::span<const std::uint32_t> found() const noexcept;
  /// Hands the index over.
  std::shared_ptr<const structural_index> take();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace weir
