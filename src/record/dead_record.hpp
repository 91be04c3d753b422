#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// A line of a dead letter, read back. `sink/dead_letter.hpp` has its form.
struct dead_record {
  std::string source;
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::string stage;
  std::string reason;
  std::uint64_t at = 0;
  std::string raw;       ///< byte for byte as it was read
  std::string shard;     ///< empty in lines of before weir wrote it
  std::string pipeline;  ///< the same
};

/// Reads a line; nothing if it is none of a dead letter.
std::optional<dead_record> parse_dead_record(std::string_view line);

}  // namespace weir
