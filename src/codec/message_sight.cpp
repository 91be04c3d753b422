#include "codec/message_sight.hpp"

#include "base/ascii.hpp"

namespace weir {
namespace {

constexpr std::size_t longest_length = 10;
constexpr std::size_t longest_priority = 3;

}  // namespace

void message_sight::begin() {
  place_ = place::nowhere;
  latest_ = '\0';
  seen_.clear();
}

bool message_sight::take(char c) {
  if (place_ == place::priority && c == '>' && digits_ > 0) return seen_ += c, true;
  place next = place_behind(c);
  if (next == place::nowhere) {
    next = place_of(c);
    seen_.clear();
  }
  digits_ = next == place::priority && place_ == next ? digits_ + 1 : 0;
  place_ = next;
  if (next != place::nowhere) seen_ += c;
  latest_ = c;
  return false;
}

/// What `c` may begin.
message_sight::place message_sight::place_of(char c) const noexcept {
  if (c == '<' && latest_ == '\n') return place::priority;
  return c >= '1' && c <= '9' && !is_digit(latest_) ? place::length : place::nowhere;
}

/// Where `c` leads from here on.
message_sight::place message_sight::place_behind(char c) const noexcept {
  switch (place_) {
    case place::length:
      if (c == ' ') return place::blank;
      return is_digit(c) && seen_.size() < longest_length ? place::length : place::nowhere;
    case place::blank:
      return c == '<' ? place::priority : place::nowhere;
    case place::priority:
      return is_digit(c) && digits_ < longest_priority ? place::priority : place::nowhere;
    case place::nowhere:
      break;
  }
  return place::nowhere;
}

}  // namespace weir
