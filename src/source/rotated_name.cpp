#include "source/rotated_name.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "source/neighbours.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> compressors{".gz",  ".bz2", ".xz", ".zst",
                                                      ".lz4", ".Z",   ".z"};
/// With fewer digits it is a count.
constexpr std::size_t date_digits = 6;

std::string_view without_compressor(std::string_view name) {
  for (const std::string_view mark : compressors) {
    if (name.ends_with(mark)) return name.substr(0, name.size() - mark.size());
  }
  return name;
}

/// What stands in `name` between `front` and `back`; nothing if it does not.
std::optional<std::string_view> between(std::string_view front, std::string_view name,
                                        std::string_view back) {
  if (name.size() <= front.size() + back.size()) return std::nullopt;
  if (!name.starts_with(front) || !name.ends_with(back)) return std::nullopt;
  return name.substr(front.size(), name.size() - front.size() - back.size());
}

/// ".1", "-20260102", "-2026-01-02T03:04"
bool is_mark(std::string_view text) {
  constexpr std::string_view begins = ".-_";
  constexpr std::string_view others = ".-_:+TZ";
  return begins.contains(text.front()) && std::ranges::any_of(text, is_digit) &&
         std::ranges::all_of(text, [&](char c) { return is_digit(c) || others.contains(c); });
}

}  // namespace

bool rotated_name::is_counted() const {
  return scheme.ends_with(".#") && digits.size() < date_digits;
}

std::optional<rotated_name> rotated_name_of(std::string_view path, std::string_view log) {
  const std::string_view name = without_compressor(last_part(path));
  log = last_part(log);
  const std::string_view stem = log.substr(0, log.rfind('.'));
  auto mark = between(log, name, "");
  if (!mark || !is_mark(*mark)) mark = between(stem, name, log.substr(stem.size()));
  if (!mark || !is_mark(*mark)) return std::nullopt;
  const auto mark_begin = static_cast<std::size_t>(mark->data() - name.data());
  rotated_name out{.scheme = std::string{name.substr(0, mark_begin)}, .digits = {}};
  for (const char c : *mark) {
    if (is_digit(c)) out.digits += c;
    if (!is_digit(c) || !out.scheme.ends_with('#')) out.scheme += is_digit(c) ? '#' : c;
  }
  out.scheme += name.substr(mark_begin + mark->size());
  return out;
}

bool is_rotated_later(const rotated_name& a, const rotated_name& b) {
  if (a.scheme != b.scheme) return false;
  const auto shorter = [](std::string_view x, std::string_view y) {
    return x.size() != y.size() ? x.size() < y.size() : x < y;
  };
  const bool dated = std::min(a.digits.size(), b.digits.size()) >= date_digits;
  return dated ? a.digits > b.digits : shorter(a.digits, b.digits);
}

}  // namespace weir
