#include "codec/structure_framer.hpp"

#include <algorithm>
#include <utility>

#include "base/blank.hpp"

namespace weir {
namespace {

using event = record_scanner::event;

constexpr std::string_view too_long = "record longer than max_line";

}  // namespace

structure_framer::structure_framer(std::shared_ptr<const shard> of, position from,
                                   framing_options options, const stage_id& stage,
                                   std::unique_ptr<record_scanner> scanner, std::string tag)
    : framer(std::move(of), from, std::move(options), stage),
      scanner_(std::move(scanner)),
      tag_(std::move(tag)),
      read_to_(from.offset),
      may_be_mark_(from.offset == 0),
      known_there_(state()) {}

bool structure_framer::frame_some(batch& out) {
  open_run(out, known_there_);
  if (!rest_.empty()) out.store().memory.adopt(memory_);
  skip_mark();
  for (std::size_t room = most_records; room > 0 && has_bytes();) room -= feed(out);
  note_verified(out);
  if (!has_bytes()) {
    keep_open_text();
    memory_ = nullptr;
    if (fault_) reject_fault(out);
  }
  out.advance(at_);
  return has_bytes();
}

void structure_framer::skip_mark() {
  while (may_be_mark_ && !rest_.empty()) {
    const auto skipped = static_cast<std::size_t>(read_to_);
    may_be_mark_ = skipped < byte_order_mark.size() && rest_.front() == byte_order_mark[skipped];
    if (may_be_mark_) {
      use(1);
    } else if (skipped == byte_order_mark.size()) {
      scanner_->pass(skipped);
    } else {
      take_part_of_mark();
    }
  }
}

/// A part of it is none.
void structure_framer::take_part_of_mark() {
  may_be_mark_ = false;
  again_ = byte_order_mark.substr(0, static_cast<std::size_t>(std::exchange(read_to_, 0)));
}

std::string_view structure_framer::left() const noexcept {
  return again_.empty() ? rest_ : std::string_view{again_}.substr(again_at_);
}

/// Feeds the scanner up to its next event; returns how many records came of it.
std::size_t structure_framer::feed(batch& out) {
  const auto found = scanner_->next(left());
  use(found.used);
  switch (found.what) {
    case event::none:
      return 0;
    case event::begins:
      begin_record();
      return 0;
    case event::forgets:
      open_ = false;
      return 0;
    case event::doubts:
      doubt(scanner_->back());
      return 0;
    case event::ends:
      add_whole(out);
      return 1;
    case event::breaks:
      add_broken(out);
      return 1;
  }
  return 0;
}

void structure_framer::use(std::size_t bytes) {
  read_to_ += bytes;
  if (open_) {
    size_ += bytes;
    if (from_ == nullptr) grow_open_text(left().substr(0, bytes));
  }
  if (again_.empty()) return rest_.remove_prefix(bytes);
  again_at_ += bytes;
  if (again_at_ < again_.size()) return;
  again_.clear();
  again_at_ = 0;
}

void structure_framer::begin_record() {
  open_ = true;
  start_ = read_to_;
  size_ = 0;
  from_ = again_.empty() ? rest_.data() : nullptr;
  text_.clear();
}

void structure_framer::grow_open_text(std::string_view piece) {
  const std::size_t most = std::max(options_.max_line_bytes, reject_raw_bytes);
  text_ += piece.substr(0, most - std::min(most, text_.size()));
}

/// The chunk goes.
void structure_framer::keep_open_text() {
  if (!open_ || from_ == nullptr) return;
  grow_open_text({std::exchange(from_, nullptr), static_cast<std::size_t>(size_)});
}

/// The last bytes, `which`, have not been read yet.
void structure_framer::see_again(std::size_t bytes, std::string_view which) {
  read_to_ -= bytes;
  size_ -= bytes;
  if (from_ != nullptr) {
    rest_ = {rest_.data() - bytes, rest_.size() + bytes};
  } else if (again_at_ >= bytes) {
    again_at_ -= bytes;
  } else {
    again_.replace(0, again_at_, which);
    again_at_ = 0;
  }
}

void structure_framer::doubt(std::size_t back) {
  if (size_ > options_.max_line_bytes) return;
  if (from_ != nullptr) return see_again(back, {});
  const auto kept = static_cast<std::size_t>(size_) - back;
  see_again(back, std::string_view{text_}.substr(kept));
  text_.resize(kept);
}

void structure_framer::add_whole(batch& out) {
  const std::string_view tail = scanner_->tail();
  const std::uint64_t bytes = size_ - scanner_->back() - tail.size();
  const bool fits = bytes <= options_.max_line_bytes;
  record& added = add(out, bytes);
  if (fits) {
    add_members(out, added);
  } else {
    out.reject_record(added, reject(too_long), *stage_);
  }
  see_again(tail.size(), tail);
  close_record(out);
}

void structure_framer::add_broken(batch& out) {
  const std::string_view tail = scanner_->tail();
  const std::uint64_t bytes = size_ - tail.size();
  record& broken = add(out, bytes);
  out.reject_record(broken, reject(scanner_->why()), *stage_);
  see_again(tail.size(), tail);
  close_record(out);
}

/// Adds the first `bytes` bytes of the open record, which has ended, as one. A run tells what holds
/// behind its beginning, so the record lies in one of the state that it has led to.
record& structure_framer::add(batch& out, std::uint64_t bytes) {
  if (state() != run_state_) open_run(out, state());
  at_ = {start_ + bytes, at_.number + 1};
  const auto shown = static_cast<std::size_t>(
      bytes > options_.max_line_bytes ? std::min(bytes, reject_raw_bytes) : bytes);
  const std::string_view text =
      from_ != nullptr ? std::string_view{from_, shown}
                       : out.store().memory.copy(std::string_view{text_}.substr(0, shown));
  record& added = out.add(text, at_.number, start_);
  added.set_many_lines(true);
  return added;
}

void structure_framer::add_members(batch& out, record& to) {
  const std::string_view more = scanner_->members();
  std::string_view object = to.text();
  if (more.empty() || !object.starts_with('{')) return;
  object.remove_suffix(1);
  const bool is_empty = trimmed(object.substr(1)).empty();
  std::string all;
  all.append(object).append(is_empty ? "" : ",").append(more).append("}");
  to.set_text(out.store().memory.copy(all), shape::text);
}

void structure_framer::close_record(batch& out) {
  open_ = false;
  out.advance(at_);
  known_there_ = state();
  if (known_there_ != run_state_) open_run(out, known_there_);
}

void structure_framer::open_run(batch& out, const std::shared_ptr<const std::string>& state) {
  out.open_run(shard_, at_, state);
  run_state_ = state;
}

bool structure_framer::finish(batch& out) {
  if (options_.hold_unterminated) return false;
  if (may_be_mark_ && read_to_ > 0 && read_to_ < byte_order_mark.size()) {
    open_run(out, known_there_);
    take_part_of_mark();
    while (has_bytes()) feed(out);
  }
  const ending how = scanner_->at_end();
  if (how == ending::clean && read_to_ == begun_.offset) return false;
  open_run(out, known_there_);
  end_open(out, how);
  open_run(out, state());  // behind the last record documents have ended
  at_.offset = read_to_;
  close_record(out);
  out.end_shard();
  return true;
}

/// Feeds the bytes that come again; what is open then may be doubted in its turn.
structure_framer::ending structure_framer::read_again(batch& out) {
  doubt(scanner_->back());
  while (has_bytes()) feed(out);
  return scanner_->at_end();
}

void structure_framer::end_open(batch& out, ending how) {
  while (how == ending::doubts) how = read_again(out);
  if (how == ending::whole) {
    add_whole(out);
    how = scanner_->at_end();  // what is around it may be open
  }
  if (how == ending::clean) return;
  if (!open_) begin_record();
  scanner_->reset();
  add_broken(out);
}

void structure_framer::reject_fault(batch& out) {
  if (!fault_->cuts_line) end_open(out, scanner_->at_end());
  scanner_->reset();
  add_fault(out, open_ ? std::string_view{text_} : std::string_view{}, read_to_ - at_.offset);
  close_record(out);
}

const std::shared_ptr<const std::string>& structure_framer::state() {
  const auto& now = scanner_->state();
  if (now == scanned_) return state_;
  scanned_ = now;
  return state_ = std::make_shared<const std::string>(tag_ + "\n" + *now);
}

}  // namespace weir
