#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/time.hpp"

namespace weir {

/// Writes one line into memory that its user has made large enough. Everything inlines to plain
/// stores.
class line_writer {
 public:
  explicit line_writer(char* to) noexcept : at_(to) {}
  char* end() const noexcept { return at_; }

  line_writer& operator<<(std::string_view text) noexcept {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  line_writer& operator<<(char c) noexcept {
    *at_++ = c;
    return *this;
  }
  line_writer& operator<<(std::uint32_t n) noexcept {
    at_ = std::to_chars(at_, at_ + 10, n).ptr;
    return *this;
  }
  /// `n` with at least `digits` digits.
  line_writer& padded(std::uint32_t n, int digits) noexcept {
    for (int i = digits; i-- > 0; n /= 10) at_[i] = static_cast<char>('0' + n % 10);
    at_ += digits;
    return *this;
  }
  /// The low `digits` hexadecimal digits of `n`.
  line_writer& hex(std::uint64_t n, int digits) noexcept {
    for (int i = digits; i-- > 0; n >>= 4) at_[i] = "0123456789abcdef"[n & 15];
    at_ += digits;
    return *this;
  }
  /// 2026-01-31T08:09:10.123Z
  line_writer& rfc3339(const civil_time& t) noexcept {
    padded(static_cast<std::uint32_t>(t.year), 4) << '-';
    padded(t.month, 2) << '-';
    padded(t.day, 2) << 'T';
    time_of_day(t) << '.';
    return padded(t.nanosecond / 1'000'000, 3) << 'Z';
  }
  line_writer& time_of_day(const civil_time& t) noexcept {
    padded(t.hour, 2) << ':';
    padded(t.minute, 2) << ':';
    return padded(t.second, 2);
  }

 private:
  char* at_;
};

}  // namespace weir
