#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "codec/decoder.hpp"

namespace weir {

/// The format that LZ4 had before its frames were specified, and `lz4 -l` writes: blocks of up to 8
/// MiB of content, each behind its size. It has no checksums and no end of its own: it ends with
/// the input, or where another frame's magic number stands for a size. Holds at most two blocks.
class lz4_legacy {
 public:
  static constexpr std::string_view magic_number{"\x02\x21\x4c\x18", 4};

  /// Makes ready for what follows the magic number.
  void begin() noexcept;
  /// As decoder::step. It does not go on behind a magic number.
  decoded step(std::string_view& in, std::span<char>& out);
  /// Another frame follows, whose magic number has been read.
  bool at_magic() const noexcept { return at_magic_; }
  const std::string& magic() const noexcept { return header_; }
  /// The input may end here.
  bool between_blocks() const noexcept { return header_.empty() && left_.empty(); }

 private:
  static constexpr std::size_t content_bytes_max = 8 << 20;

  bool read_header(std::string_view& in);
  decoded unpack();

  std::string header_;  ///< what is known of a block's size, or of a magic number
  std::size_t block_bytes_ = 0;
  std::string block_;  ///< stored
  std::unique_ptr<char[]> content_;
  std::string_view left_;  ///< of the content, to be handed over
  bool at_magic_ = false;
};

}  // namespace weir
