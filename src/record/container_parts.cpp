#include "record/container_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace weir {
namespace {

/// The place of the record that has this number. Precondition: there is one.
std::size_t place_of(batch& b, std::uint64_t number) {
  const auto found = std::ranges::lower_bound(b.all(), number, {}, &record::number);
  return static_cast<std::size_t>(found - b.all().begin());
}

record& record_numbered(batch& b, std::uint64_t number) {
  return b.all()[place_of(b, number)];
}

/// Makes `text` what the record says, and what was read.
void rewrite(batch& b, std::uint64_t number, std::string_view text) {
  record_numbered(b, number).set_text(text, shape::text);
  const std::size_t place = place_of(b, number);
  b.join(place, place + 1, false);
}

/// Takes `stdout:12-15 ` off the front: a stream, and two numbers.
bool take_joined(std::string_view& left, std::string_view& stream, std::uint64_t& first,
                 std::uint64_t& last) {
  const std::size_t colon = left.find(':');
  if (colon == left.npos) return false;
  stream = left.substr(0, colon);
  const char* const end = left.data() + left.size();
  const auto one = std::from_chars(left.data() + colon + 1, end, first);
  if (one.ec != std::errc{} || one.ptr == end) return false;
  const auto two = std::from_chars(one.ptr + 1, end, last);
  left.remove_prefix(std::min(static_cast<std::size_t>(two.ptr - left.data()) + 1, left.size()));
  return two.ec == std::errc{};
}

}  // namespace

container_parts::log& container_parts::log_of(const run& r) {
  const auto known = std::ranges::find(logs_, r.source, &log::source);
  if (known != logs_.end()) return *known;
  log& l = logs_.emplace_back(log{.source = r.source, .held = batch(with_.pool)});
  const std::string kept = with_.parser_state ? with_.parser_state(*r.source) : std::string{};
  std::string_view left = kept;
  std::string_view stream;
  joined_line line;
  while (take_joined(left, stream, line.first, line.last)) {
    line.stream = stream;
    const bool goes_on = line.first <= r.from.number && r.from.number < line.last;
    if (goes_on) l.joined.push_back(line);
  }
  return l;
}

void container_parts::take_one_run(batch piece, time_point now) {
  if (test_ && !test_(*piece.runs().front().source)) return put(std::move(piece));
  log& l = log_of(piece.runs().front());
  std::size_t from = 0;
  if (!l.open.empty()) {
    from = l.held.all().size();
    l.held.absorb(piece, batch::absorb_limit{});
    std::swap(piece, l.held);
  }
  const bool ends = piece.runs().back().ends;
  for (record& r : piece.all().subspan(from)) {
    if (r.is_live() && r.shape() == shape::text) take_line(l, piece, r, now);
  }
  while (ends && !l.open.empty()) end_line(l, piece, l.open.begin());
  hand_on(l, std::move(piece));
  if (ends) logs_.remove_if([&l](const log& each) { return &each == &l; });
}

void container_parts::take_line(log& l, batch& b, record& r, time_point now) {
  const container_line line = read_container_line(r.text());
  if (line.stream.empty()) {
    while (!l.open.empty()) end_line(l, b, l.open.begin());
    return;
  }
  const auto delivered = std::ranges::find_if(l.joined, [&](const joined_line& j) {
    return j.stream == line.stream && j.first < r.number() && r.number() <= j.last;
  });
  if (delivered != l.joined.end()) return b.end_record(r, joined);
  const auto open = std::ranges::find(l.open, line.stream, &open_line::stream);
  if (open != l.open.end()) {
    open->parts.push_back(r.number());
    if (!line.partial) end_line(l, b, open);
  } else if (line.partial) {
    const bool waits = limits_.timeout.count() > 0 && limits_.timeout < never - now;
    l.open.push_back({.stream = std::string{line.stream},
                      .parts = {r.number()},
                      .offset = r.offset(),
                      .due = waits ? now + limits_.timeout : never});
  }
  const std::uint64_t read_to = r.offset() + r.raw().size();
  while (!l.open.empty() && read_to - l.open.front().offset >= limits_.bytes) end_at_limit(l, b);
}

void container_parts::end_line(log& l, batch& b, std::vector<open_line>::iterator line) {
  const auto ended = std::move(*line);
  l.open.erase(line);
  if (ended.parts.size() == 1) return;
  std::vector<container_line> parts;
  for (const std::uint64_t number : ended.parts) {
    parts.push_back(read_container_line(record_numbered(b, number).text()));
  }
  rewrite(b, ended.parts.front(), whole_line_of(parts));
  for (const std::uint64_t number : std::span(ended.parts).subspan(1)) {
    b.end_record(record_numbered(b, number), joined);
  }
  l.joined.push_back({ended.stream, ended.parts.front(), ended.parts.back()});
}

void container_parts::end_at_limit(log& l, batch& b) {
  record& first = record_numbered(b, l.open.front().parts.front());
  end_line(l, b, l.open.begin());
  if (limits_.rejects) b.reject_record(first, reject("line of too many bytes"), rejects_as_);
}

/// What a run has to know that goes on in front of the record `next_number`.
std::shared_ptr<const std::string> container_parts::state_at(log& l,
                                                             std::uint64_t next_number) const {
  std::string text;
  for (const joined_line& j : l.joined) {
    if (j.first < next_number && next_number <= j.last)
      text += fmt::format("{}:{}-{} ", j.stream, j.first, j.last);
  }
  if (text != *l.state) l.state = std::make_shared<const std::string>(text);
  return l.state;
}

/// Hands on what lies in front of `end`, in stretches in which a run may go on anywhere by what it
/// knows.
void container_parts::hand_on_before(log& l, batch& piece, std::uint64_t end,
                                     std::size_t live_records) {
  batch ahead(with_.pool);
  std::vector<std::uint64_t> next;  // behind each record
  for (const record& r : piece) {
    if (next.size() == live_records) break;
    next.push_back(r.number());
  }
  next.push_back(end);
  for (std::size_t i = 0; i < live_records;) {
    const auto state = state_at(l, next[i + 1]);
    std::size_t same = i + 1;
    while (same < live_records && state_at(l, next[same + 1]) == state) ++same;
    piece.runs().front().parser_state = state;
    ahead.absorb(piece, {.records = same - i, .any = true});
    i = same;
  }
  put(std::move(ahead));
}

void container_parts::hand_on(log& l, batch piece) {
  const std::uint64_t behind = piece.runs().front().to.number + 1;
  const std::uint64_t end = l.open.empty() ? behind : l.open.front().parts.front();
  const auto live_before = static_cast<std::size_t>(std::ranges::count_if(
      piece.all(), [end](const record& r) { return r.is_live() && r.number() < end; }));
  const bool whole = l.open.empty() && l.joined.empty();
  if (!whole && live_before > 0) hand_on_before(l, piece, end, live_before);
  std::erase_if(l.joined, [end](const joined_line& j) { return j.last < end; });
  if (l.open.empty()) {
    for (run& r : piece.runs()) r.parser_state = state_at(l, behind);
    if (!piece.runs().empty()) put(std::move(piece));
  } else if (live_before > 0) {
    l.held = batch(with_.pool);
    l.held.absorb(piece, batch::absorb_limit{});
  } else {
    l.held = std::move(piece);
  }
}

void container_parts::end_due(time_point now) {
  for (log& l : logs_) {
    const auto is_due = [now](const open_line& o) { return o.due <= now; };
    if (std::ranges::none_of(l.open, is_due)) continue;
    batch piece = std::exchange(l.held, batch(with_.pool));
    for (auto o = std::ranges::find_if(l.open, is_due); o != l.open.end();
         o = std::ranges::find_if(l.open, is_due)) {
      end_line(l, piece, o);
    }
    hand_on(l, std::move(piece));
  }
}

time_point container_parts::due() const noexcept {
  time_point earliest = never;
  for (const log& l : logs_) {
    for (const open_line& o : l.open) earliest = std::min(earliest, o.due);
  }
  return earliest;
}

stream with_whole_lines(stream in, container_parts::limits how, const stage_id* id,
                        const context* with, container_parts::shard_test test) {
  auto parts = std::make_unique<container_parts>(how, *id, *with, std::move(test));
  return join_lines(std::move(in), std::move(parts), false, with);
}

}  // namespace weir
