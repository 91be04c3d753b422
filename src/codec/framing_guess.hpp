#pragma once
#include <optional>
#include <string_view>

#include "record/known_framings.hpp"

namespace weir {

/// So many bytes decide at the latest.
inline constexpr std::size_t guess_bytes_max = 64 << 10;

struct framing_guess {
  const known_framing* documents = nullptr;  ///< null: lines
};

/// What a shard's beginning says of its layout; nothing if more of it has to be seen first, which
/// is never so for a `whole` one. More bytes never change what fewer have said. Lines that are a
/// JSON object each are lines.
std::optional<framing_guess> guess_framing(std::string_view beginning, bool whole);

}  // namespace weir
