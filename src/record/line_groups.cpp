#include "record/line_groups.hpp"

#include <algorithm>
#include <utility>

namespace weir {

line_groups::line_groups(make_rule make, group_limits limits, const stage_id& rejects_as,
                         std::shared_ptr<block_pool> pool)
    : line_joiner(std::move(pool)),
      make_(std::move(make)),
      limits_(limits),
      rejects_as_(rejects_as) {}

line_groups::group* line_groups::group_of(const run& r) {
  const auto known = std::ranges::find(groups_, r.source, &group::source);
  if (known != groups_.end()) return &*known;
  auto rule = make_(r);
  if (!rule) return nullptr;
  return &groups_.emplace_back(
      group{.source = r.source, .rule = std::move(rule), .held = batch(pool())});
}

void line_groups::take_one_run(batch piece, time_point now) {
  group* const of_shard = group_of(piece.runs().front());
  if (of_shard == nullptr) return put(std::move(piece));
  group& g = *of_shard;
  const bool was_open = g.open;
  std::size_t from = 0;
  if (was_open) {
    from = g.held.all().size();
    g.held.absorb(piece, batch::absorb_limit{});
    std::swap(piece, g.held);
    g.first = 0;
  }
  walk(g, piece, from, now);
  const bool ends = piece.runs().back().ends;
  if (ends) end_all(g, piece, now);
  if (g.open) {
    hold(g, std::move(piece), was_open);
  } else {
    hand_on(g, std::move(piece));
  }
  if (ends) groups_.remove_if([&g](const group& each) { return &each == &g; });
}

void line_groups::walk(group& g, batch& piece, std::size_t from, time_point now) {
  for (std::size_t i = from; i < piece.all().size();) {
    const record& r = piece.all()[i];
    if (r.is_live() && r.shape() == shape::text) {
      i = add_line(g, piece, i, now);
    } else if (r.is_live() && g.open) {
      i = end_record(g, piece, i);
      g.rule->reset();
    } else {
      ++i;
    }
  }
}

std::size_t line_groups::add_line(group& g, batch& piece, std::size_t at, time_point now) {
  const record& line = piece.all()[at];
  const line_rule::place place = g.rule->next(line);
  if (g.open && !place.joins) {
    if (const std::size_t next = end_record(g, piece, at); next != at) return next;
  }
  if (!g.open) {
    g.open = true;
    g.first = at;
    g.lines = g.bytes = 0;
    const bool waits = limits_.timeout.count() > 0 && limits_.timeout < never - now;
    g.due = waits ? now + limits_.timeout : never;
  }
  g.lines += 1;
  g.bytes += line.text().size() + 1;
  if (!place.open) return end_record(g, piece, at + 1);
  if (g.lines >= limits_.lines || g.bytes >= limits_.bytes) return end_at_limit(g, piece, at + 1);
  return at + 1;
}

std::size_t line_groups::end_record(group& g, batch& piece, std::size_t end) {
  const bool one = g.lines == 1 || g.rule->belong(piece.all().subspan(g.first, end - g.first));
  if (!one) g.rule->reset();
  if (one && g.lines > 1) piece.join(g.first, end, limits_.breaks_as_read);
  g.open = false;
  record& r = piece.all()[g.first];
  if (const fate f = g.rule->whole(r); f != live) piece.end_record(r, f);
  return one ? end : g.first + 1;
}

std::size_t line_groups::end_at_limit(group& g, batch& piece, std::size_t end) {
  const bool too_many = g.lines >= limits_.lines;
  record& r = piece.all()[g.first];
  const std::size_t next = end_record(g, piece, end);
  g.rule->reset();
  if (next == end && limits_.rejects && r.is_live()) {
    const auto why = too_many ? "record of too many lines" : "record of too many bytes";
    piece.reject_record(r, reject(why), rejects_as_);
  }
  return next;
}

/// No line follows those of `piece`.
void line_groups::end_all(group& g, batch& piece, time_point now) {
  while (g.open) {
    const std::size_t next = end_record(g, piece, piece.all().size());
    g.rule->reset();
    walk(g, piece, next, now);
  }
}

/// What lies in front of the open record goes on; the rest moves into memory of its own, so that a
/// few lines do not keep a whole block.
void line_groups::hold(group& g, batch piece, bool was_held) {
  const auto before = piece.all().first(g.first);
  const auto live_before = static_cast<std::size_t>(
      std::ranges::count_if(before, [](const record& r) { return r.is_live(); }));
  if (g.first == 0 && was_held) {
    g.held = std::move(piece);
    return;
  }
  if (live_before > 0) {
    batch ahead(pool());
    ahead.absorb(piece, {.records = live_before, .any = true});
    hand_on(g, std::move(ahead));
  }
  g.held = batch(pool());
  g.held.absorb(piece, batch::absorb_limit{});
}

void line_groups::hand_on(const group& g, batch piece) {
  // A rule that knows nothing leaves what a stage in front of it has to know.
  if (const auto state = g.rule->state()) {
    for (run& r : piece.runs()) r.parser_state = state;
  }
  put(std::move(piece));
}

void line_groups::end_due(time_point now) {
  for (group& g : groups_) {
    if (!g.open || g.due > now) continue;
    g.first = 0;
    end_all(g, g.held, now);
    hand_on(g, std::exchange(g.held, batch(pool())));
  }
}

time_point line_groups::due() const noexcept {
  time_point earliest = never;
  for (const group& g : groups_) {
    if (g.open) earliest = std::min(earliest, g.due);
  }
  return earliest;
}

stream grouped(stream in, line_groups::make_rule make, group_limits limits, const stage_id* id,
               const context* with) {
  auto groups = std::make_unique<line_groups>(std::move(make), limits, *id, with->pool);
  return join_lines(std::move(in), std::move(groups), limits.leaves_cut_records, with);
}

}  // namespace weir
