#pragma once
#include <cstddef>
#include <cstdint>

namespace weir {

/// Checks the grammar of one JSON object on its structural index, whose finder has checked UTF-8
/// and that strings end and hold no control characters; escapes are the caller's. `at` is the place
/// of the object's first token; two sentinels at the indexed text's end follow the last one.
/// Returns the place after the object's closing brace, or nullptr if the object is not certainly
/// valid: then `check_json_object` decides and tells why. Precondition: bytes up to 16 behind `end`
/// are readable.
const std::uint32_t* walk_json_object(const char* base, const std::uint32_t* at, const char* end,
                                      std::size_t max_depth) noexcept;

}  // namespace weir
