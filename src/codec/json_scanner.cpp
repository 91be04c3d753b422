#include "codec/json_scanner.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/text_front.hpp"
#include "record/json_members.hpp"

namespace weir {
namespace {

constexpr std::string_view cut_off = "the document ends early";

/// The first byte that means something in a string, or is in none.
const char* find_in_string(const char* at, const char* end) noexcept {
  for (; end - at >= 16; at += 16) {
    const bytes16 here = load16(at);
    const std::uint32_t hits =
        bits_of((here == '"') | (here == '\\') | (here == '\n') | (here == record_separator));
    if (hits != 0) return at + std::countr_zero(hits);
  }
  while (at != end && *at != '"' && *at != '\\' && *at != '\n' && *at != record_separator) ++at;
  return at;
}

bool ends_scalar(char c) noexcept {
  return is_blank(c) || is_operator(c) || c == '"' || c == record_separator;
}

bool begins_scalar(char c) noexcept {
  return c == '-' || is_digit(c) || is_letter(c);
}

bool same_loosely(std::string_view key, std::string_view name) noexcept {
  std::size_t at = 0;
  for (const char c : key) {
    if (c == '_') continue;
    if (at == name.size() || (c | 0x20) != (name[at++] | 0x20)) return false;
  }
  return at == name.size();
}

bool is_opening(char c) noexcept {
  return c == '{' || c == '[';
}

bool is_closing(char c) noexcept {
  return c == '}' || c == ']';
}

}  // namespace

json_scanner::json_scanner(framing how, std::string_view state) : how_(std::move(how)) {
  restore(state);
}

record_scanner::found json_scanner::next(std::string_view piece) {
  from_ = at_ = copy_from_ = piece.data();
  end_ = at_ + piece.size();
  tail_.clear();
  document_ended_ = false;
  event what = event::none;
  while (at_ != end_ && what == event::none && !document_ended_) what = step();
  if (role_ == role::copied) copy_to(at_);
  const auto used = static_cast<std::size_t>(at_ - from_);
  if (what == event::begins) {
    seen_ = string_at_ = 0;
    back_ = 0;
    return {what, used};
  }
  seen_ += used;
  back_ = what == event::doubts ? static_cast<std::size_t>(seen_ - string_at_) : 0;
  return {what, used};
}

record_scanner::event json_scanner::step() {
  switch (expects_) {
    case expects::anything:
      return step_between();
    case expects::key:
      return step_key();
    case expects::element:
      return step_element();
    case expects::colon:
      if (is_blank(*at_)) break;
      if (*at_ != ':') return fault("no colon behind a key");
      expects_ = expects::member;
      break;
    case expects::member:
      if (is_blank(*at_)) break;
      return begin_value();
    case expects::comma:
      return step_behind_value();
    case expects::string_end:
      return step_string();
    case expects::escaped:
      expects_ = expects::string_end;
      if (*at_ == '\n' || *at_ == record_separator) return event::none;
      take_key(at_ + 1);
      break;
    case expects::scalar_end:
      return step_scalar();
    case expects::next_record:
      return step_lost();
  }
  ++at_;
  return event::none;
}

record_scanner::event json_scanner::step_between() {
  const char c = *at_;
  if (is_blank(c) || c == ',') return ++at_, event::none;
  if (c == record_separator && !way_.empty()) return fault(cut_off);
  if (c == record_separator) return ++at_, event::none;
  if (c == ']' && !way_.empty()) return close_bracket(c);
  if (is_closing(c) && !way_.empty()) return fault("a bracket of another kind closes it");
  return begin_value();
}

record_scanner::event json_scanner::step_key() {
  const char c = *at_;
  if (is_blank(c)) return ++at_, event::none;
  if (c == '}') return close_bracket(c);
  if (c != '"') return fault("a key is missing");
  begin_string(true);
  return event::none;
}

record_scanner::event json_scanner::step_element() {
  const char c = *at_;
  if (is_blank(c)) return ++at_, event::none;
  return c == ']' ? close_bracket(c) : begin_value();
}

record_scanner::event json_scanner::step_behind_value() {
  const char c = *at_;
  if (is_closing(c)) return close_bracket(c);
  if (!is_blank(c) && c != ',') return fault("no comma behind a value");
  if (c == ',') expects_ = open_.back() == '{' ? expects::key : expects::element;
  ++at_;
  return event::none;
}

void json_scanner::begin_string(bool key) {
  string_at_ = seen_ + static_cast<std::uint64_t>(at_ - from_);
  is_key_ = key;
  key_.clear();
  expects_ = expects::string_end;
  ++at_;
}

record_scanner::event json_scanner::step_string() {
  const char* const stop = find_in_string(at_, end_);
  take_key(stop);
  at_ = stop;
  if (at_ == end_) return event::none;
  if (*at_ == '\n') return fault("a line break in a string");
  if (*at_ == record_separator) return fault(cut_off);
  if (*at_ == '"') return ++at_, string_ended();
  take_key(at_ + 1);
  ++at_;
  expects_ = expects::escaped;
  return event::none;
}

/// Keys on the way matter, the first one of a record, and all of its own if some are copied.
void json_scanner::take_key(const char* to) {
  const bool of_record = open_.size() == way_.size() + 1 && (!first_key_ || !how_.copied.empty());
  const bool matters = is_key_ && (on_way() || of_record);
  if (matters && key_.size() < known_key_bytes_max)
    key_.append(at_, static_cast<std::size_t>(to - at_));
}

record_scanner::event json_scanner::string_ended() {
  if (!is_key_) return value_ended();
  is_key_ = false;
  expects_ = expects::colon;
  note_key();
  return event::none;
}

void json_scanner::note_key() {
  const std::size_t level = is_document_ ? 1 : way_.size() + 1;
  if (!is_open_ || open_.size() != level) return;
  if (!first_key_) first_key_ = key_;
  if (how_.copied.empty() || is_document_) return;
  if (const auto name = copied_name()) own_[*name] = true;
}

record_scanner::event json_scanner::step_scalar() {
  while (at_ != end_ && !ends_scalar(*at_)) ++at_;
  return at_ == end_ ? event::none : value_ended();
}

record_scanner::event json_scanner::begin_value() {
  const char first = *at_;
  if (on_way()) return begin_on_way(first);
  return begin_token(first);
}

/// What is told about the open record comes one by one: the same byte is looked at again.
record_scanner::event json_scanner::begin_on_way(char first) {
  const role as = role_of(first);
  const bool is_document = open_.empty() && as == role::way && !how_.records.segments.empty();
  if (is_document && !is_open_) {
    is_document_ = true;
    return begin_record();
  }
  if (is_document_ && arrives_with(first)) {
    is_document_ = is_open_ = false;
    return event::forgets;
  }
  if (as == role::record && !is_open_) return begin_record();
  role_ = as;
  if (as == role::copied) {
    copies_.begin(way_.size(), *copied_name(), key_);
    copy_from_ = at_;
  }
  return begin_token(first);
}

record_scanner::event json_scanner::begin_token(char first) {
  if (is_opening(first)) return open_bracket(first);
  if (first == '"') return begin_string(false), event::none;
  if (on_way() && is_operator(first)) return ++at_, value_ended();  // it stands alone
  if (!on_way() && !begins_scalar(first)) return fault("no value");
  expects_ = expects::scalar_end;
  return event::none;
}

record_scanner::event json_scanner::begin_record() {
  is_open_ = true;
  first_key_.reset();
  own_.assign(how_.copied.size(), false);
  return event::begins;
}

record_scanner::event json_scanner::open_bracket(char bracket) {
  if (on_way() && role_ == role::way) {
    enter(bracket);
    expects_ = bracket == '{' ? expects::key : expects::anything;
  } else {
    if (open_.size() - way_.size() >= how_.max_depth) return fault("nested too deep");
    open_ += bracket;
    expects_ = bracket == '{' ? expects::key : expects::element;
  }
  ++at_;
  return event::none;
}

record_scanner::event json_scanner::close_bracket(char bracket) {
  if (open_.back() != (bracket == '}' ? '{' : '['))
    return fault("a bracket of another kind closes it");
  ++at_;
  if (on_way()) return leave_way();
  open_.pop_back();
  return value_ended();
}

record_scanner::event json_scanner::leave_way() {
  open_.pop_back();
  way_.pop_back();
  state_ = nullptr;
  copies_.forget_below(way_.size());
  expects_ = open_.empty() || open_.back() == '[' ? expects::anything : expects::comma;
  document_ended_ = open_.empty();
  if (!document_ended_ || !is_document_) return event::none;
  is_document_ = false;
  return break_here("no array of records in the document");
}

record_scanner::event json_scanner::value_ended() {
  if (!on_way()) {
    expects_ = expects::comma;
    return event::none;
  }
  expects_ = open_.empty() || open_.back() == '[' ? expects::anything : expects::comma;
  if (role_ == role::copied) {
    copy_to(at_);
    state_ = nullptr;
    if (copies_.are_too_long()) return fault("members to be copied are too long");
  }
  if (std::exchange(role_, role::skipped) != role::record) return event::none;
  is_open_ = false;
  return event::ends;
}

void json_scanner::copy_to(const char* to) {
  copies_.append({copy_from_, to});
}

json_scanner::role json_scanner::role_of(char first) const {
  const bool is_path = !how_.records.segments.empty();
  if (way_.empty()) {
    const bool is_way = is_path ? is_opening(first) : first == '[';
    return is_way ? role::way : role::record;
  }
  if (open_.back() == '{') return role_of_member(first);
  if (way_.back() == how_.records.segments.size()) return role::record;
  return first == '{' ? role::way : role::skipped;
}

json_scanner::role json_scanner::role_of_member(char first) const {
  if (!is_key_of_way()) return copied_name() ? role::copied : role::skipped;
  return leads_on(first) ? role::way : role::skipped;
}

/// Whether a value at a name of the way may hold records: an array, or an object but at its end.
bool json_scanner::leads_on(char first) const {
  return first == '[' || (first == '{' && way_.back() + 1 < how_.records.segments.size());
}

/// Null stands for no records.
bool json_scanner::arrives_with(char first) const {
  if (open_.empty() || open_.back() != '{' || !is_key_of_way()) return false;
  return leads_on(first) || first == 'n';
}

bool json_scanner::is_key_of_way() const {
  const auto& path = how_.records.segments;
  if (way_.back() >= path.size()) return false;
  const std::string& name = path[way_.back()].name;
  return is_key(key_, name) || (how_.loose_names && same_loosely(key_, name));
}

std::optional<std::size_t> json_scanner::copied_name() const {
  const auto found = std::ranges::find_if(
      how_.copied, [this](const std::string& name) { return is_key(key_, name); });
  if (found == how_.copied.end()) return std::nullopt;
  return static_cast<std::size_t>(found - how_.copied.begin());
}

void json_scanner::enter(char bracket) {
  const bool is_member = !open_.empty() && open_.back() == '{';
  const std::size_t next = way_.empty() ? 0 : way_.back();
  way_.push_back(is_member ? next + 1 : next);
  open_ += bracket;
  state_ = nullptr;
}

record_scanner::event json_scanner::fault(std::string_view why) {
  why_ = why;
  expects_ = expects::next_record;
  if (role_ == role::copied) copies_.forget_latest();
  role_ = role::skipped;
  sight_.begin();
  is_document_ = false;
  tail_.clear();
  return is_open_ ? event::doubts : begin_record();
}

record_scanner::event json_scanner::break_here(std::string_view why) {
  why_ = why;
  is_open_ = false;
  tail_.clear();
  return event::breaks;
}

record_scanner::event json_scanner::step_lost() {
  while (at_ != end_) {
    const char c = *at_;
    if (c == record_separator) {
      begin_again();
      return break_here(why_);
    }
    ++at_;
    if (sight_.take(c, first_key_)) return found_next();
  }
  return event::none;
}

record_scanner::event json_scanner::found_next() {
  const bool in_array = !way_.empty() && open_[way_.size() - 1] == '[';
  if (in_array && (sight_.behind_comma() || sight_.key() == first_key_)) {
    open_.resize(way_.size());
    expects_ = expects::anything;
  } else {
    begin_again();
  }
  is_open_ = false;
  tail_ = sight_.seen();
  return event::breaks;
}

void json_scanner::begin_again() {
  open_.clear();
  way_.clear();
  copies_.clear();
  state_ = nullptr;
  expects_ = expects::anything;
  role_ = role::skipped;
  is_document_ = false;
}

record_scanner::ending json_scanner::at_end() {
  if (is_open_ && expects_ == expects::scalar_end && on_way()) {
    value_ended();
    return ending::whole;
  }
  if (!is_open_ && way_.empty()) return ending::clean;
  if (expects_ != expects::next_record) why_ = cut_off;
  return ending::cut;
}

void json_scanner::reset() {
  begin_again();
  tail_.clear();
  is_open_ = false;
}

std::string_view json_scanner::members() {
  members_.clear();
  copies_.write(own_, members_);
  return members_;
}

const std::shared_ptr<const std::string>& json_scanner::state() {
  if (state_) return state_;
  std::string now = open_.substr(0, way_.size());
  copies_.write_state(now);
  return state_ = std::make_shared<const std::string>(std::move(now));
}

void json_scanner::restore(std::string_view state) {
  const auto next_line = [&state] {
    const std::string_view line = first_line(state);
    state.remove_prefix(std::min(state.size(), line.size() + 1));
    return line;
  };
  for (const char bracket : next_line()) enter(bracket);
  while (!state.empty()) copies_.restore(next_line(), how_.copied.size());
}

}  // namespace weir
