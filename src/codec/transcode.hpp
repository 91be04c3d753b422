#pragma once
#include <cstdint>
#include <string>

#include "base/chunk.hpp"

namespace weir {

/// How the bytes of a shard become UTF-8.
struct transcode_options {
  enum class invalid_bytes : std::uint8_t {
    reject,   ///< a byte that is never UTF-8 marks the place, so that the line is refused
    replace,  ///< U+FFFD
    keep,     ///< each byte as the character that Latin-1 has for it
  };

  std::string encoding = "utf-8";
  invalid_bytes invalid = invalid_bytes::reject;

  /// UTF-8 that is checked later needs no pass of its own.
  bool changes_nothing() const noexcept {
    return encoding == "utf-8" && invalid == invalid_bytes::reject;
  }
};

/// Whether there is a character set of that name.
bool is_known_encoding(const std::string& name);

/// `content` as UTF-8. Offsets from here on count the bytes of the UTF-8. A character that chunks
/// cut in two is put together; one that a fault or the end cuts is invalid. Time and faults pass.
/// Precondition: the encoding is known. `with` outlives the stream.
byte_stream transcode(byte_stream content, transcode_options how, const context& with);

}  // namespace weir
