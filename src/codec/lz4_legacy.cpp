#include "codec/lz4_legacy.hpp"

#include <lz4.h>

#include <algorithm>
#include <cstdint>

namespace weir {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::uint32_t frame_magic = 0x184d2204;
constexpr std::uint32_t skippable_magic = 0x184d2a50;
constexpr std::uint32_t legacy_magic = 0x184c2102;

std::uint32_t little_endian(std::string_view bytes) noexcept {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < header_bytes; ++i) {
    number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return number;
}

/// Moves from the front of `in` what `to` lacks of `size` bytes. True once it has them.
bool fill(std::string& to, std::size_t size, std::string_view& in) {
  const std::size_t some = std::min(size - to.size(), in.size());
  to += in.substr(0, some);
  in.remove_prefix(some);
  return to.size() == size;
}

}  // namespace

void lz4_legacy::begin() noexcept {
  header_.clear();
  block_.clear();
  block_bytes_ = 0;
  left_ = {};
  at_magic_ = false;
}

decoded lz4_legacy::step(std::string_view& in, std::span<char>& out) {
  for (;;) {
    const std::size_t some = std::min(left_.size(), out.size());
    std::ranges::copy(left_.substr(0, some), out.begin());
    left_.remove_prefix(some);
    out = out.subspan(some);
    if (!left_.empty()) return {decoded::kind::more};
    if (block_bytes_ == 0 && !read_header(in)) return {decoded::kind::more};
    if (block_bytes_ > static_cast<std::size_t>(LZ4_compressBound(content_bytes_max)))
      return {decoded::kind::corrupt, "corrupt data"};
    if (!fill(block_, block_bytes_, in)) return {decoded::kind::more};
    if (const decoded done = unpack(); done.what == decoded::kind::corrupt) return done;
  }
}

/// False while a block's size is not known, and at another frame.
bool lz4_legacy::read_header(std::string_view& in) {
  while (fill(header_, header_bytes, in)) {
    const std::uint32_t number = little_endian(header_);
    at_magic_ = number == frame_magic || (number & 0xfffffff0u) == skippable_magic;
    if (at_magic_) return false;
    block_bytes_ = number;
    if (number != legacy_magic) return true;
    block_bytes_ = 0;
    header_.clear();
  }
  return false;
}

decoded lz4_legacy::unpack() {
  if (!content_) content_ = std::make_unique_for_overwrite<char[]>(content_bytes_max);
  const int size =
      LZ4_decompress_safe(block_.data(), content_.get(), static_cast<int>(block_bytes_),
                          static_cast<int>(content_bytes_max));
  if (size < 0) return {decoded::kind::corrupt, "corrupt data"};
  left_ = {content_.get(), static_cast<std::size_t>(size)};
  header_.clear();
  block_.clear();
  block_bytes_ = 0;
  return {decoded::kind::more};
}

}  // namespace weir
