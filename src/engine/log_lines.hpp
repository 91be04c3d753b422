#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The form of the checkpoint log: text, so that people and auditors can read it, and a chain of
/// sums, so that nothing in it can change, move or go missing in the middle unseen.
///
///   line = sum ' ' payload LF
///   sum  = SHA-256 over the sum of the line before (nothing for the first) and the payload, in hex
///
/// A payload is one JSON object without a line break.

/// The sum of the line that follows the one with the sum `before`.
std::string sum_of(std::string_view before, std::string_view payload);

/// What the bytes of a log say.
struct log_reading {
  std::vector<std::string_view> payloads = {};  ///< of the good lines, in order; views of the bytes
  std::string_view last_sum = {};               ///< of them; a view of the bytes
  std::uint64_t good_bytes = 0;                 ///< where they end
  /// Lines behind the first one that is not good. Each line was durable before the next was begun,
  /// so where there are any, the bad one was damaged later. Without any, it is a write that a crash
  /// cut off, and may go.
  std::uint64_t lines_behind = 0;
};

/// Reads a log up to the first line that is not what was written. O(bytes).
log_reading read_log(std::string_view bytes);

}  // namespace weir
