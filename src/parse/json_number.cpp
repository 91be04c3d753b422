#include "parse/json_number.hpp"

#include <algorithm>

#include "record/json_grammar.hpp"

namespace weir {
namespace {

/// Takes the digits at the front of `text`.
std::string_view take_digits(std::string_view& text) noexcept {
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  const std::size_t first = digits.find_first_not_of('0');
  if (digits.empty() || first == digits.npos) return "0";
  return digits.substr(first);
}

}  // namespace

bool is_json_number(std::string_view text) noexcept {
  return !text.empty() && json_number_length(text) == text.size();
}

bool append_json_number(std::string_view text, bool whole, std::string& out) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string_view digits = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (digits.empty() && fraction.empty()) return false;
  std::string made = negative ? "-" : "";
  made += without_leading_zeros(digits);
  if (!whole && !fraction.empty()) made.append(1, '.').append(fraction);
  if (!whole) made += text;  // an exponent, or what makes it no number
  if ((whole && !text.empty()) || !is_json_number(made)) return false;
  out += made;
  return true;
}

}  // namespace weir
