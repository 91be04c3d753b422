#include "source/rotated_name.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include "base/ascii.hpp"
#include "source/neighbours.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> compressors{".gz",  ".bz2", ".xz", ".zst",
                                                      ".lz4", ".Z",   ".z"};
/// With fewer digits it is a count.
constexpr std::ptrdiff_t date_digits = 6;

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

bool is_date(const rotated_name& name) {
  return std::ranges::count_if(name.digits, is_digit) >= date_digits;
}

/// The first one, without zeros in front.
std::string_view take_number(std::string_view& numbers) {
  std::string_view first = numbers.substr(0, numbers.find('.'));
  numbers.remove_prefix(std::min(first.size() + 1, numbers.size()));
  first.remove_prefix(std::min(first.find_first_not_of('0'), first.size()));
  return first;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = take_number(a);
    const std::string_view y = take_number(b);
    if (const auto by_size = x.size() <=> y.size(); by_size != 0) return by_size;
    if (const auto by_digits = x <=> y; by_digits != 0) return by_digits;
  }
  return a.size() <=> b.size();
}

}  // namespace

std::string_view without_compressor(std::string_view name) {
  for (const std::string_view mark : compressors) {
    if (name.ends_with(mark)) return name.substr(0, name.size() - mark.size());
  }
  return name;
}

bool rotated_name::is_counted() const {
  return scheme.ends_with(".#") && all_digits(digits) && !is_date(*this);
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
    const bool goes_on = is_digit(c) && out.scheme.ends_with('#');
    if (is_digit(c) && !goes_on && !out.digits.empty()) out.digits += '.';
    if (is_digit(c)) out.digits += c;
    if (!goes_on) out.scheme += is_digit(c) ? '#' : c;
  }
  out.scheme += name.substr(mark_begin + mark->size());
  return out;
}

bool is_rotated_later(const rotated_name& a, const rotated_name& b) {
  if (a.scheme != b.scheme) return false;
  const auto order = compare_numbers(a.digits, b.digits);
  return is_date(a) && is_date(b) ? order > 0 : order < 0;
}

}  // namespace weir
