#include "codec/mixed_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/blank.hpp"
#include "base/text_front.hpp"
#include "base/whole_number.hpp"

namespace weir {
namespace {

constexpr char among_lines_mark = '~';  ///< begins a state; a number and a line break follow

std::string_view state_of_documents(std::string_view state) {
  if (state.starts_with(among_lines_mark)) state.remove_prefix(first_line(state).size() + 1);
  return state;
}

bool is_margin(char c) noexcept {
  return is_blank_in_line(c) || c == ',';
}

std::size_t behind_all(std::string_view text, bool (*which)(char) noexcept) {
  const auto other = std::ranges::find_if_not(text, which);
  return static_cast<std::size_t>(other - text.begin());
}

}  // namespace

mixed_scanner::mixed_scanner(framing how, std::string_view state)
    : documents_(std::move(how), state_of_documents(state)) {
  if (!documents_.is_between()) place_ = place::document;
  if (!state.starts_with(among_lines_mark)) return;
  among_lines_ = true;
  known_lines_ = leading_number(state.substr(1));
}

record_scanner::found mixed_scanner::next(std::string_view piece) {
  back_ = 0;
  tail_.clear();
  for (std::size_t used = 0;;) {
    const found here = step(piece.substr(used));
    used += here.used;
    open_bytes_ = here.what == event::begins ? 0 : open_bytes_ + here.used;
    if (here.what != event::none || used == piece.size()) return {here.what, used};
  }
}

record_scanner::found mixed_scanner::step(std::string_view piece) {
  if (piece.empty()) return {};
  switch (place_) {
    case place::between:
      return step_between(piece);
    case place::margin:
      return step_margin(piece);
    case place::bracket:
      return step_bracket(piece);
    case place::brace:
      return step_brace(piece);
    case place::document:
      return step_document(piece);
    case place::stray:
      enter_line();
      return {};
    case place::line:
      return step_line(piece);
  }
  return {};
}

record_scanner::found mixed_scanner::step_between(std::string_view piece) {
  const char c = piece[0];
  if (c == '\n') return past_lines(event::none, 1);
  if (c == record_separator) {
    among_lines_ = false;
    known_lines_ = 0;
    return {event::none, 1};
  }
  if (c == '{' && !among_lines_) {
    place_ = place::document;
    return {};
  }
  if (is_margin(c))
    place_ = place::margin;
  else if (c == '[' && !among_lines_)
    place_ = place::bracket;
  else
    place_ = c == '{' && known_lines_ == 0 ? place::brace : place::stray;
  return {event::begins};
}

record_scanner::found mixed_scanner::step_margin(std::string_view piece) {
  const std::size_t size = behind_all(piece, is_margin);
  if (size == piece.size()) return past_lines(event::none, size);
  const char c = piece[size];
  const bool is_document = (c == '{' || c == '[') && !among_lines_;
  const bool was_none = c == '\n' || c == record_separator || is_document;
  place_ = was_none ? place::between : place::stray;
  return past_lines(was_none ? event::forgets : event::none, size);
}

record_scanner::found mixed_scanner::step_bracket(std::string_view piece) {
  if (open_bytes_ == 0) return {event::none, 1};
  const std::size_t size = behind_all(piece, is_blank);
  if (size == piece.size()) return {event::none, size};
  if (piece[size] != '{' && piece[size] != ']') return doubt(size);
  enter_document("[");
  return {event::forgets, size};
}

record_scanner::found mixed_scanner::step_brace(std::string_view piece) {
  if (open_bytes_ == 0) return {event::none, 1};
  const std::size_t size = behind_all(piece, is_blank_in_line);
  if (size == piece.size()) return {event::none, size};
  if (piece[size] == '\n') {
    enter_document("{");
    is_outermost_ = true;
  } else {
    place_ = place::line;
    ends_in_return_ = false;
  }
  return {event::none, size};
}

record_scanner::found mixed_scanner::step_document(std::string_view piece) {
  const found here = documents_.next(piece);
  back_ = documents_.back();
  tail_ = documents_.tail();
  switch (here.what) {
    case event::none:
      break;
    case event::begins: {
      is_outermost_ = documents_.is_outermost();
      const char first = piece[here.used];
      const bool is_record = first == '{' || first == record_separator;
      if (documents_.is_in_plain_array() && !is_record) place_ = place::stray;
      return here;
    }
    case event::doubts:
      return is_outermost_ ? doubt(here.used) : here;
    case event::breaks:
      why_ = documents_.why();
      [[fallthrough]];
    case event::ends:
    case event::forgets:
      is_outermost_ = false;
  }
  if (documents_.is_between()) place_ = place::between;
  return here;
}

record_scanner::found mixed_scanner::step_line(std::string_view piece) {
  const std::string_view line = first_line(piece);
  const std::size_t end = std::min(line.find(record_separator), line.size());
  if (end > 0) ends_in_return_ = piece[end - 1] == '\r';
  if (end == piece.size()) return past_lines(event::none, end);
  place_ = place::between;
  back_ = ends_in_return_ ? 1 : 0;
  return past_lines(event::ends, end);
}

record_scanner::found mixed_scanner::past_lines(event what, std::size_t used) {
  known_lines_ -= std::min<std::uint64_t>(known_lines_, used);
  return {what, used};
}

/// The open record is none; all of it is to come again, as lines.
record_scanner::found mixed_scanner::doubt(std::size_t used) {
  enter_line();
  known_lines_ = open_bytes_ + used;
  back_ = static_cast<std::size_t>(known_lines_);
  return {event::doubts, used};
}

void mixed_scanner::enter_document(std::string_view begun) {
  while (!begun.empty()) begun.remove_prefix(documents_.next(begun).used);
  place_ = place::document;
}

void mixed_scanner::enter_line() {
  documents_.reset();
  is_outermost_ = false;
  among_lines_ = true;
  place_ = place::line;
  ends_in_return_ = false;
}

record_scanner::ending mixed_scanner::at_end() {
  back_ = 0;
  tail_.clear();
  switch (place_) {
    case place::between:
    case place::margin:
      return ending::clean;
    case place::bracket:
      doubt(0);
      return ending::doubts;
    case place::line:
      back_ = ends_in_return_ ? 1 : 0;
      [[fallthrough]];
    case place::brace:
    case place::stray:
      place_ = place::between;
      return ending::whole;
    case place::document:
      break;
  }
  if (is_outermost_) {
    doubt(0);
    return ending::doubts;
  }
  const ending how = documents_.at_end();
  why_ = documents_.why();
  return how;
}

void mixed_scanner::reset() {
  documents_.reset();
  tail_.clear();
  place_ = place::between;
  is_outermost_ = false;
  known_lines_ = 0;
}

const std::shared_ptr<const std::string>& mixed_scanner::state() {
  const auto& of_documents = documents_.state();
  if (!among_lines_) return of_documents;
  if (state_ && of_documents == state_of_documents_ && known_lines_ == state_known_lines_)
    return state_;
  state_of_documents_ = of_documents;
  state_known_lines_ = known_lines_;
  return state_ = std::make_shared<const std::string>(
             fmt::format("{}{}\n{}", among_lines_mark, known_lines_, *of_documents));
}

}  // namespace weir
