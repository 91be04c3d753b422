#pragma once
#include <concepts>
#include <cstddef>
#include <string>

namespace weir {

// Numbers in files of ours and of others: so many bytes, the lowest first.

template <std::unsigned_integral Number>
void add_number(Number n, std::string& out) {
  for (std::size_t i = 0; i < sizeof n; ++i) out.push_back(static_cast<char>(n >> 8 * i));
}

/// Precondition: `from` has the bytes of one.
template <std::unsigned_integral Number>
Number number_at(const char* from) noexcept {
  Number n = 0;
  for (std::size_t i = sizeof n; i-- > 0;)
    n = static_cast<Number>(n << 8 | static_cast<unsigned char>(from[i]));
  return n;
}

}  // namespace weir
