#include "parse/json_strings.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/bytes16.hpp"

namespace weir {
namespace {

/// Bit i of each tells of byte i of 64.
struct marks {
  std::uint64_t quotes;
  std::uint64_t backslashes;
  std::uint64_t breaks;
};
constexpr std::size_t marked_bytes = 64;

/// Follows the strings of a text, 64 bytes at a time.
class string_follower {
 public:
  /// Of the quotes that stand there, those that begin or end a string.
  std::uint64_t unescaped(const marks& m) noexcept {
    if ((m.backslashes | escapes_next_) == 0) [[likely]]
      return m.quotes;
    return m.quotes & ~escaped(m.backslashes);
  }
  /// `parities` has a bit set where an odd number of unescaped quotes stands up to there.
  void take(const marks& m, std::uint64_t parities) noexcept {
    const std::uint64_t inside = parities ^ open_;
    open_ = 0 - (inside >> 63);
    faults_ |= (inside & m.breaks) | (m.backslashes & ~inside);
  }
  /// Has bits set if some byte was none of ASCII.
  void note_beyond_ascii(std::uint64_t bits) noexcept { beyond_ascii_ |= bits; }

  bool good() const noexcept { return (faults_ | open_) == 0; }
  bool ascii() const noexcept { return beyond_ascii_ == 0; }

 private:
  /// The bytes behind backslashes that are not themselves behind one.
  std::uint64_t escaped(std::uint64_t backslashes) noexcept {
    std::uint64_t found = escapes_next_;
    escapes_next_ = 0;
    for (std::uint64_t left = backslashes & ~found; left != 0;) {
      const std::uint64_t first = left & (0 - left);
      found |= first << 1;
      escapes_next_ |= first >> 63;
      left &= ~(first | first << 1);
    }
    return found;
  }

  std::uint64_t open_ = 0;  ///< all ones in a string
  std::uint64_t escapes_next_ = 0;
  std::uint64_t faults_ = 0;
  std::uint64_t beyond_ascii_ = 0;
};

/// Follows `count` times 64 bytes further.
using follow_function = string_follower (*)(string_follower strings, const char* text,
                                            std::size_t count);

/// `all` gathers the bits of all bytes.
marks marks_of(const char* text, bytes16& all) noexcept {
  marks m{};
  for (std::size_t at = 0; at < marked_bytes; at += 16) {
    const bytes16 bytes = load16(text + at);
    const auto mark = [at](bytes16 compared) { return std::uint64_t{bits_of(compared)} << at; };
    all |= bytes;
    m.quotes |= mark(bytes == '"');
    m.backslashes |= mark(bytes == '\\');
    m.breaks |= mark(bytes == '\n');
  }
  return m;
}

std::uint64_t parities_of(std::uint64_t bits) noexcept {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

string_follower follow_by_16(string_follower strings, const char* text, std::size_t count) {
  bytes16 all{};
  for (; count > 0; --count, text += marked_bytes) {
    const marks m = marks_of(text, all);
    strings.take(m, parities_of(strings.unescaped(m)));
  }
  strings.note_beyond_ascii(bits_of((all & '\x80') != 0));
  return strings;
}

#if defined(__x86_64__)

/// Multiplying by all ones without carries gives the parities.
[[gnu::target("pclmul")]] inline std::uint64_t parities_by_clmul(std::uint64_t bits) noexcept {
  const __m128i factor = _mm_set_epi64x(0, static_cast<long long>(bits));
  const __m128i product = _mm_clmulepi64_si128(factor, _mm_set1_epi8('\xff'), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

[[gnu::target("avx2")]] inline std::uint64_t top_bits(__m256i low, __m256i high) noexcept {
  const auto low_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto high_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return low_bits | std::uint64_t{high_bits} << 32;
}

[[gnu::target("avx2")]] inline std::uint64_t equal(__m256i low, __m256i high, char c) noexcept {
  const __m256i wanted = _mm256_set1_epi8(c);
  return top_bits(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

[[gnu::target("avx2,pclmul")]] string_follower follow_by_avx2(string_follower strings,
                                                              const char* text, std::size_t count) {
  __m256i all = _mm256_setzero_si256();
  for (; count > 0; --count, text += marked_bytes) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    const marks m{equal(low, high, '"'), equal(low, high, '\\'), equal(low, high, '\n')};
    strings.take(m, parities_by_clmul(strings.unescaped(m)));
    all = _mm256_or_si256(all, _mm256_or_si256(low, high));
  }
  strings.note_beyond_ascii(top_bits(all, all));
  return strings;
}

[[gnu::target("avx512bw,pclmul")]] string_follower follow_by_avx512(string_follower strings,
                                                                    const char* text,
                                                                    std::size_t count) {
  __m512i all = _mm512_setzero_si512();
  for (; count > 0; --count, text += marked_bytes) {
    const __m512i bytes = _mm512_loadu_si512(text);
    const marks m{_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')),
                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'))};
    strings.take(m, parities_by_clmul(strings.unescaped(m)));
    all = _mm512_or_si512(all, bytes);
  }
  strings.note_beyond_ascii(_mm512_movepi8_mask(all));
  return strings;
}

#endif

template <follow_function follow>
bool strings_end_in_line(std::string_view lines) noexcept {
  const std::size_t whole = lines.size() / marked_bytes;
  string_follower strings = follow({}, lines.data(), whole);
  std::array<char, marked_bytes> rest{};
  std::ranges::copy(lines.substr(whole * marked_bytes), rest.begin());
  strings = follow(strings, rest.data(), 1);
  if (!strings.good()) return false;
  return strings.ascii() || simdjson::validate_utf8(lines.data(), lines.size());
}

}  // namespace

std::vector<bool (*)(std::string_view) noexcept> json_string_checks() {
  std::vector<bool (*)(std::string_view) noexcept> checks;
#if defined(__x86_64__)
  const bool clmul = __builtin_cpu_supports("pclmul");
  if (clmul && __builtin_cpu_supports("avx512bw"))
    checks.push_back(strings_end_in_line<follow_by_avx512>);
  if (clmul && __builtin_cpu_supports("avx2"))
    checks.push_back(strings_end_in_line<follow_by_avx2>);
#endif
  checks.push_back(strings_end_in_line<follow_by_16>);
  return checks;
}

bool json_strings_end_in_line(std::string_view lines) noexcept {
  static const auto fastest = json_string_checks().front();
  return fastest(lines);
}

}  // namespace weir
