#include "codec/octet_scanner.hpp"

#include <algorithm>
#include <cstring>

#include "base/ascii.hpp"
#include "base/whole_number.hpp"

namespace weir {
namespace {

bool is_separator(char c) noexcept {
  return c == '\n' || c == '\r' || c == '\0';
}

bool begins_length(char c) noexcept {
  return is_digit(c) && c != '0';
}

std::uint64_t digits_of(std::uint64_t number) noexcept {
  return number < 10 ? 1 : 1 + digits_of(number / 10);
}

}  // namespace

octet_scanner::octet_scanner(std::uint64_t longest, std::uint64_t from, std::string_view state)
    : longest_(longest), read_to_(from), again_to_(leading_number(state)) {
  note_end();
}

record_scanner::found octet_scanner::next(std::string_view piece) {
  at_ = piece.data();
  end_ = at_ + piece.size();
  back_ = 0;
  tail_.clear();
  event what = event::none;
  while (at_ != end_ && what == event::none) {
    const char* const before = at_;
    what = step();
    read_to_ += static_cast<std::uint64_t>(at_ - before);
  }
  if (what == event::doubts) read_to_ -= back_;
  read_to_ -= tail_.size();
  if (what == event::ends || what == event::breaks) note_end();
  return {what, static_cast<std::size_t>(at_ - piece.data())};
}

record_scanner::event octet_scanner::step() {
  switch (place_) {
    case place::between:
      return step_between();
    case place::length:
      return step_length();
    case place::blank:
      return step_blank();
    case place::message:
      return step_message();
    case place::behind:
      return step_behind();
    case place::line:
      return step_line();
    case place::lost:
      return step_lost();
  }
  return event::none;
}

record_scanner::event octet_scanner::step_between() {
  const char c = *at_;
  if (is_separator(c)) return ++at_, event::none;
  if (c == '<') return begin(place::line);
  if (!begins_length(c)) return fault("no length in front of a message");
  length_ = 0;
  return begin(place::length);
}

record_scanner::event octet_scanner::begin(place as) {
  place_ = as;
  is_open_ = true;
  began_at_ = read_to_;
  return event::begins;
}

record_scanner::event octet_scanner::step_length() {
  const char c = *at_;
  if (is_digit(c)) {
    if (length_ <= longest_) length_ = length_ * 10 + static_cast<std::uint64_t>(c - '0');
    return ++at_, event::none;
  }
  if (c != ' ') return fault("a length without a blank behind it");
  if (digits_of(length_) + 1 + length_ > longest_) return fault("message longer than max_line");
  place_ = place::blank;
  return ++at_, event::none;
}

record_scanner::event octet_scanner::step_blank() {
  if (*at_ != '<') return fault("no message behind its length");
  place_ = place::message;
  left_ = length_;
  return event::none;
}

record_scanner::event octet_scanner::step_message() {
  const std::uint64_t here = std::min(left_, static_cast<std::uint64_t>(end_ - at_));
  at_ += here;
  left_ -= here;
  if (left_ == 0) place_ = place::behind;
  return event::none;
}

record_scanner::event octet_scanner::step_behind() {
  const char c = *at_;
  if (!is_separator(c) && !begins_length(c) && c != '<') {
    may_be_whole_ = true;
    message_end_ = read_to_;
    behind_.clear();
    look_again(length_);
    return fault("the length in front is wrong");
  }
  place_ = place::between;
  is_open_ = false;
  return event::ends;
}

record_scanner::event octet_scanner::step_line() {
  const auto* const stop =
      static_cast<const char*>(std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_)));
  const char* const to = stop == nullptr ? end_ : stop;
  if (to != at_) latest_ = to[-1];
  at_ = to;
  if (stop == nullptr) return event::none;
  place_ = place::between;
  is_open_ = false;
  back_ = latest_ == '\r' ? 1 : 0;
  return event::ends;
}

record_scanner::event octet_scanner::step_lost() {
  for (std::uint64_t place_of_next = read_to_; at_ != end_; ++place_of_next) {
    const char c = *at_++;
    const bool found = sight_.take(c);
    const bool whole = !found && may_be_whole_ && shows_another(c, place_of_next);
    if (!found && !whole) continue;
    tail_ = found ? sight_.seen() : behind_;
    place_ = place::between;
    is_open_ = may_be_whole_ = false;
    return found ? event::breaks : event::ends;
  }
  return event::none;
}

/// Whether the bytes behind the message, of which this one lies at `at`, have the priority of
/// another one with a broken length. Those of a long text that has no end do not matter.
bool octet_scanner::shows_another(char c, std::uint64_t at) {
  constexpr std::size_t longest_front = 32;
  if (at < message_end_) return false;
  behind_ += c;
  if (!sight_.is_open() && behind_.contains('<')) return true;
  may_be_whole_ = behind_.size() < longest_front;
  return false;
}

record_scanner::event octet_scanner::fault(std::string_view why) {
  why_ = why;
  sight_.begin();
  if (!is_open_) return begin(place::lost);
  place_ = place::lost;
  return event::doubts;
}

/// The latest `bytes` are to come again, unless some of them have.
void octet_scanner::look_again(std::uint64_t bytes) {
  if (began_at_ < again_to_) return;
  back_ = static_cast<std::size_t>(bytes);
  again_to_ = read_to_;
}

record_scanner::ending octet_scanner::at_end() {
  back_ = 0;
  if (place_ == place::line || place_ == place::behind) {
    place_ = place::between;
    is_open_ = false;
    return ending::whole;
  }
  if (!is_open_) return ending::clean;
  if (place_ == place::lost) return ending::cut;
  const bool short_message = place_ == place::message;
  if (short_message) look_again(length_ - left_);
  fault("the message is shorter than its length");
  if (back_ == 0) return ending::cut;
  read_to_ -= back_;
  return ending::doubts;
}

void octet_scanner::reset() {
  place_ = place::between;
  is_open_ = may_be_whole_ = false;
  tail_.clear();
}

/// The latest record has ended.
void octet_scanner::note_end() {
  const std::string text = again_to_ > read_to_ - back_ ? std::to_string(again_to_) : "";
  if (!state_ || *state_ != text) state_ = std::make_shared<const std::string>(text);
}

}  // namespace weir
