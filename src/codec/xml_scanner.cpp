#include "codec/xml_scanner.hpp"

#include <algorithm>
#include <cstring>

#include "base/blank.hpp"

namespace weir {
namespace {

constexpr std::size_t name_bytes_max = 256;
constexpr std::string_view comment = "!--";
constexpr std::string_view cdata = "![CDATA[";

const char* find(char c, const char* at, const char* end) noexcept {
  const void* const found = std::memchr(at, c, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

record_scanner::found xml_scanner::next(std::string_view piece) {
  at_ = piece.data();
  end_of_piece_ = at_ + piece.size();
  tail_.clear();
  event what = event::none;
  while (at_ != end_of_piece_ && what == event::none) what = step();
  return {what, static_cast<std::size_t>(at_ - piece.data())};
}

record_scanner::event xml_scanner::step() {
  switch (place_) {
    case place::text:
      return step_text();
    case place::tag:
      return step_tag();
    case place::inside:
      return step_inside();
    case place::attribute:
      at_ = find(quote_, at_, end_of_piece_);
      if (at_ != end_of_piece_) ++at_, place_ = place::inside;
      return event::none;
    case place::skipped:
      step_skipped();
      return event::none;
  }
  return event::none;
}

record_scanner::event xml_scanner::step_text() {
  const char* const stop = find('<', at_, end_of_piece_);
  if (!found_any_ && !found_text_) found_text_ = !std::all_of(at_, stop, is_blank);
  at_ = stop;
  if (at_ == end_of_piece_) return event::none;
  if (!is_open_) {
    is_open_ = may_be_one_ = true;
    return event::begins;
  }
  ++at_;
  place_ = place::tag;
  name_.clear();
  return event::none;
}

record_scanner::event xml_scanner::step_tag() {
  const char c = *at_;
  const bool ends = is_blank(c) || c == '>' || (c == '/' && !name_.empty());
  if (ends) return name_ended();
  ++at_;
  if (name_.size() < name_bytes_max) name_ += c;
  if (name_ == comment) return skip_to("-->");
  if (name_ == cdata) return skip_to("]]>");
  if (name_ == "?") return skip_to("?>");
  return event::none;
}

record_scanner::event xml_scanner::name_ended() {
  place_ = place::inside;
  latest_ = '\0';
  is_start_tag_ = name_ == element_;
  is_end_tag_ = name_.starts_with('/') && name_.substr(1) == element_;
  if (may_be_one_)
    return is_start_tag_ ? (may_be_one_ = false, found_any_ = true, event::none) : no_element();
  if (!is_start_tag_) return event::none;
  why_ = "an element that is not closed";
  tail_ = "<" + name_;
  is_open_ = false;
  place_ = place::text;
  return event::breaks;
}

/// What was begun at the `<` is no record.
record_scanner::event xml_scanner::no_element() {
  if (!found_any_) found_text_ = true;
  is_open_ = may_be_one_ = is_end_tag_ = false;
  return event::forgets;
}

record_scanner::event xml_scanner::step_inside() {
  const char c = *at_++;
  if (c == '>') return tag_ended();
  if (c == '"' || c == '\'') {
    quote_ = c;
    place_ = place::attribute;
  }
  latest_ = c;
  return event::none;
}

record_scanner::event xml_scanner::tag_ended() {
  place_ = place::text;
  const bool whole = is_end_tag_ || (is_start_tag_ && latest_ == '/');
  if (!is_open_ || !whole) return event::none;
  is_open_ = false;
  return event::ends;
}

record_scanner::event xml_scanner::skip_to(std::string_view end) {
  place_ = place::skipped;
  end_ = end;
  matched_ = 0;
  is_start_tag_ = is_end_tag_ = false;
  return may_be_one_ ? no_element() : event::none;
}

void xml_scanner::step_skipped() {
  const char c = *at_++;
  if (c == end_[matched_]) {
    if (++matched_ == end_.size()) place_ = place::text;
  } else if (matched_ != 2 || c != end_[1]) {  // three dashes or brackets: the last two count
    matched_ = c == end_[0] ? 1 : 0;
  }
}

record_scanner::ending xml_scanner::at_end() {
  if (is_open_) why_ = "the document ends early";
  if (is_open_) return ending::cut;
  if (found_any_ || !found_text_) return ending::clean;
  why_ = "none of the elements looked for";
  return ending::cut;
}

void xml_scanner::reset() {
  tail_.clear();
  is_open_ = may_be_one_ = false;
  place_ = place::text;
  found_any_ = true;
}

}  // namespace weir
