#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// How bytes are stored. `none` is bytes as they are.
enum class codec : std::uint8_t { none, gzip, zlib, zstd, bzip2, xz, lz4, lzma };

/// The name that options and messages use: "gzip".
std::string_view name_of(codec c) noexcept;
/// The codec of that name, if there is one.
std::optional<codec> codec_named(std::string_view name) noexcept;

/// Tells the codec from the first bytes of content; names of files are never asked. `at_end` says
/// that nothing follows `head`. Empty while more bytes are needed: at most `sniff_bytes`.
std::optional<codec> sniff(std::string_view head, bool at_end);
inline constexpr std::size_t sniff_bytes = 4096;

}  // namespace weir
