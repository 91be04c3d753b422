#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/chunk.hpp"

namespace weir {

/// UTF-16, or UTF-32 in little endian, where a byte order mark says so, else UTF-8.
inline constexpr std::string_view encoding_by_mark = "auto";

/// How the bytes of a shard become UTF-8.
struct transcode_options {
  enum class invalid_bytes : std::uint8_t {
    reject,   ///< a byte that is never UTF-8 marks the place, so that the line is refused
    replace,  ///< U+FFFD
    keep,     ///< each byte as the character that Latin-1 has for it
  };

  std::string encoding = "utf-8";  ///< as `encoding_called` gives it, or `encoding_by_mark`
  invalid_bytes invalid = invalid_bytes::reject;

  /// UTF-8 that is checked later needs no pass of its own.
  bool changes_nothing() const noexcept {
    return encoding == "utf-8" && invalid == invalid_bytes::reject;
  }
};

/// The name that iconv has for the character set that people call `name`: in any case, with or
/// without hyphens and underscores. One that nobody knows comes back in small letters.
std::string encoding_called(const std::string& name);

/// The character set of content that begins so; four bytes tell.
std::string_view encoding_of_mark(std::string_view beginning) noexcept;

/// Whether there is a character set of that name.
bool is_known_encoding(const std::string& name);

/// `content` as UTF-8. Offsets from here on count the bytes of the UTF-8. A character that chunks
/// cut in two is put together; one that a fault or the end cuts is invalid. Time and faults pass.
/// Precondition: the encoding is known. `with` outlives the stream.
byte_stream transcode(byte_stream content, transcode_options how, const context& with);

}  // namespace weir
