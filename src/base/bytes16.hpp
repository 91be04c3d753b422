#pragma once
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir {

/// Sixteen bytes of text that are compared at once: `==` gives all ones where it holds.
using bytes16 [[gnu::vector_size(16)]] = char;

inline bytes16 load16(const char* at) noexcept {
  bytes16 loaded;
  std::memcpy(&loaded, at, sizeof loaded);
  return loaded;
}

/// By way of a number: GCC 12 takes a single byte through memory, which stalls the processor.
inline bytes16 fill16(char c) noexcept {
  const std::uint64_t half = static_cast<unsigned char>(c) * std::uint64_t{0x0101'0101'0101'0101};
  using halves [[gnu::vector_size(16)]] = std::uint64_t;
  return reinterpret_cast<bytes16>(halves{half, half});
}

/// One bit for each byte of a comparison's result, the first one lowest.
inline std::uint32_t bits_of(bytes16 compared) noexcept {
#if defined(__SSE2__)
  return static_cast<std::uint32_t>(_mm_movemask_epi8(reinterpret_cast<__m128i>(compared)));
#else
  std::uint32_t bits = 0;
  for (int i = 0; i < 16; ++i) bits |= std::uint32_t{compared[i] != 0} << i;
  return bits;
#endif
}

}  // namespace weir
