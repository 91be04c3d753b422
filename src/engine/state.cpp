#include "engine/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <utility>

#include "base/random_name.hpp"
#include "base/require.hpp"
#include "engine/log_lines.hpp"
#include "engine/scan.hpp"
#include "engine/shard_key.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// From here on the log is written anew at the next commit, with one entry for all before.
constexpr std::uint64_t log_bytes_max = 4 << 20;
/// But a long one, of which much stays, only once it has grown so many times.
constexpr std::uint64_t growth = 2;
/// With more shards than that, the new log leaves all of them to the tables.
constexpr std::ptrdiff_t most_shards_in_new_log = 1000;

/// But for those in quotes.
std::string without_blanks(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const bool quoted = is_quote(name[at]);
    const std::size_t end = quoted ? std::min(end_of_quoted(name, at), name.size()) : at + 1;
    if (!is_blank(name[at])) out += name.substr(at, end - at);
    at = end;
  }
  return out;
}

/// A table has no room for what a source keeps, and what a parser keeps has to have a number.
bool fits_a_table(const shard_progress& s, const parser_state_numbers& numbers) {
  return s.token.empty() && s.at.number <= table_row::most_number &&
         numbers.number_of(s.parser_state).has_value();
}

/// The oldest that knows how to read it.
std::uint64_t version_of(const log_header& h, bool rows_may_end) {
  if (rows_may_end) return log_header::version_with_ends;
  return h.parser_states.empty() ? log_header::version_with_tables
                                 : log_header::version_with_parser_states;
}

}  // namespace

std::string plan_hash(std::string_view plan_json) {
  return sum_of({}, plan_json);
}

state::state(state_options options, disk& files)
    : options_(std::move(options)), log_(files, options_.directory) {
  if (log_.payloads().empty()) {
    create();
  } else {
    read();
  }
  tables_.emplace(files, options_.directory, header_.tables);
  parser_states_ = header_.parser_states;
}

void state::create() {
  header_.pipeline = random_name();
  header_.plan = options_.plan;
  run_.plan = options_.plan;
  require(log_.append(to_json(header_)));
}

void state::read() {
  for (const std::string& payload : log_.payloads()) {
    std::visit([this](auto&& entry) { take(std::move(entry)); }, parse_log_entry(payload));
  }
  refuse_newer(header_, options_.directory + "/log");
  refuse_lost_base();
  refuse_changed_plan();
}

/// A log that was written anew has the entry that it goes on from in its last line.
void state::refuse_lost_base() const {
  if (run_.base <= last_entry()) return;
  throw error(exit_code::io,
              fmt::format("{}/log: commit {} is damaged, and all positions with it",
                          options_.directory, run_.base),
              "begin anew with another --state and empty outputs");
}

void state::take(log_header h) {
  run_.plan = h.plan;
  header_ = std::move(h);
}

void state::take(log_run r) {
  if (last_ && last_->entry <= r.base) settle_last();
  last_.reset();
  // It began when the sinks had done what their notes say.
  notes_before_last_.clear();
  notes_.clear();
  run_ = std::move(r);
}

void state::take(checkpoint c) {
  if (last_) settle_last();
  next_entry_ = c.entry + 1;
  last_ = std::move(c);
  notes_before_last_ = std::exchange(notes_, {});
}

void state::take(log_note n) {
  notes_.push_back(std::move(n));
}

void state::take(log_begun b) {
  for (shard_progress& s : b.shards) positions_.try_emplace(s.id, s);
}

void state::settle_last() {
  for (const shard_progress& s : last_->shards) positions_[s.id] = s;
  run_.dead_bytes = last_->dead_bytes;
  base_ = std::move(*last_);
  base_.shards.clear();
  last_.reset();
}

void state::refuse_changed_plan() const {
  const bool same = run_.plan == options_.plan || run_.plan == options_.plan_as_spelled;
  if (same || options_.accept_changed_plan) return;
  throw error(exit_code::usage,
              options_.directory + ": this state belongs to another pipeline, or it was changed",
              "use another --state, or go on with --accept-changed-pipeline");
}

/// Its name has the conditions that lead to it, as they were written.
void state::recall_name(std::string_view sink) {
  const auto& known = (last_ ? *last_ : base_).sinks;
  if (std::ranges::find(known, sink, &sink_progress::sink) != known.end()) return;
  const std::string spelled = without_blanks(sink);
  const auto same = std::ranges::find(
      known, spelled, [](const sink_progress& s) { return without_blanks(s.sink); });
  if (same != known.end()) names_.emplace(sink, same->sink);
}

std::string_view state::known_name(std::string_view sink) const {
  const auto known = names_.find(sink);
  return known == names_.end() ? sink : known->second;
}

sink_memory state::memory_of(std::string_view sink) {
  recall_name(sink);
  sink = known_name(sink);
  const checkpoint& c = last_ ? *last_ : base_;
  const auto known = std::ranges::find(c.sinks, sink, &sink_progress::sink);
  return {.last = {.pipeline = header_.pipeline,
                   .sink = sink,
                   .generation = run_.generation + 1,
                   .entry = c.entry},
          .token = known == c.sinks.end() ? std::string{} : known->token,
          .before = last_ && last_->entry > run_.base ? base_.entry : c.entry,
          .newest = next_entry_ - 1,
          .note =
              [this, sink = std::string{sink}](std::string_view text) {
                const std::lock_guard alone(writing_);
                return log_.append(to_json(log_note{.sink = sink, .text = std::string{text}}));
              },
          .notes = notes_of(sink)};
}

std::vector<std::string> state::notes_of(std::string_view sink) const {
  std::vector<std::string> out;
  for (const auto* const some : {&notes_before_last_, &notes_}) {
    for (const log_note& n : *some) {
      if (n.sink == sink) out.push_back(n.text);
    }
  }
  return out;
}

void state::settle_on(std::uint64_t base) {
  if (last_ && base == last_->entry) settle_last();
  if (base != base_.entry) {
    throw error(exit_code::io,
                fmt::format("{}: the sink is at commit {}, the state at {}", options_.directory,
                            base, last_entry()),
                "the state or the sink was put back to an older copy");
  }
  last_.reset();
  in_log_ = positions_;
  earlier_ = base_.totals;
}

std::optional<std::uint64_t> state::dead_bytes(std::string_view path) const {
  if (run_.generation == 0 || run_.dead_letter != path) return std::nullopt;
  return run_.dead_bytes;
}

void state::begin_run(std::string dead_letter, std::uint64_t dead_bytes) {
  run_ = {.generation = run_.generation + 1,
          .base = base_.entry,
          .plan = options_.plan,
          .dead_letter = std::move(dead_letter),
          .dead_bytes = dead_bytes};
  require(log_.append(to_json(run_)));
}

position state::position_of(const shard& s) const {
  const auto known = positions_.find(shard_id(s.identity));
  if (known != positions_.end()) return known->second.at;
  const auto row = tables_->find(key_of(s.identity));
  return row ? row->at : position{};
}

bool state::was_read_whole(const shard& s) const {
  const auto known = positions_.find(shard_id(s.identity));
  if (known != positions_.end()) return known->second.ended && !known->second.at.past_fault;
  const auto row = tables_->find(key_of(s.identity));
  return row && row->ended && !row->at.past_fault;
}

std::string state::token_of(const shard& s) const {
  const auto known = positions_.find(shard_id(s.identity));
  return known == positions_.end() ? std::string{} : known->second.token;
}

std::vector<remembered_shard> state::shards_with_token() const {
  std::vector<remembered_shard> all;
  for (const auto& [id, s] : positions_) {
    if (!s.token.empty()) all.push_back({.name = s.name, .at = s.at, .token = s.token});
  }
  return all;
}

std::string state::parser_state_of(const shard& s) const {
  const auto known = positions_.find(shard_id(s.identity));
  if (known != positions_.end()) return known->second.parser_state;
  const auto row = tables_->find(key_of(s.identity));
  if (!row || row->parser_state == 0) return {};
  if (row->parser_state <= parser_states_.size()) return parser_states_[row->parser_state - 1U];
  throw error(exit_code::io, fmt::format("{}/log: what a parser kept of {} is not in it",
                                         options_.directory, s.name));
}

commit_point state::next_point(std::string_view sink) const noexcept {
  return {.pipeline = header_.pipeline,
          .sink = known_name(sink),
          .generation = run_.generation,
          .entry = next_entry_};
}

delivery state::append(checkpoint c) {
  const std::lock_guard alone(writing_);
  c.entry = next_entry_;
  for (sink_progress& s : c.sinks) s.sink = known_name(s.sink);
  if (const delivery done = log_.append(to_json(c)); !done) return done;
  for (const shard_progress& s : c.shards) in_log_[s.id] = s;
  base_ = std::move(c);
  base_.shards.clear();
  return {};
}

delivery state::keep(std::span<const begun_shard> begun) {
  log_begun all;
  for (const begun_shard& s : begun) {
    all.shards.push_back(
        {.id = shard_id(s.identity), .name = s.name, .at = s.at, .token = s.token});
  }
  const std::lock_guard alone(writing_);
  if (const delivery done = log_.append(to_json(all)); !done) return done;
  for (const shard_progress& s : all.shards) in_log_.try_emplace(s.id, s);
  return {};
}

delivery state::committed() {
  const std::lock_guard alone(writing_);
  ++next_entry_;
  if (log_.size_bytes() < std::max(log_bytes_max, growth * written_anew_bytes_)) return {};
  const delivery done = compact();
  const bool put_off = !done && done.error().what == delivery_error::kind::refused;
  return put_off ? delivery{} : done;
}

delivery state::compact() {
  log_header fresh = header_;
  fresh.after = log_.last_sum();
  parser_state_numbers numbers(header_.parser_states);
  numbers.add_common(parser_states_in_log());
  const auto fits = [&numbers](const auto& known) { return fits_a_table(known.second, numbers); };
  const bool leaves = std::ranges::count_if(in_log_, fits) > most_shards_in_new_log;
  if (leaves) {
    if (delivery done = leave_to_tables(fresh, numbers); !done) return done;
  }
  log_run now = run_;
  now.base = base_.entry;
  now.dead_bytes = base_.dead_bytes;
  checkpoint all = base_;
  all.shards = shards_staying(leaves, numbers);
  if (delivery done = log_.rewrite({to_json(fresh), to_json(now), to_json(all)}); !done) {
    return done;
  }
  header_ = std::move(fresh);
  written_anew_bytes_ = log_.size_bytes();
  if (leaves) {
    std::erase_if(in_log_, fits);
    tables_->remove_all_but(header_.tables);
  }
  return {};
}

delivery state::leave_to_tables(log_header& fresh, const parser_state_numbers& numbers) const {
  std::vector<table_row> rows = rows_leaving(numbers);
  const bool ends = std::ranges::any_of(rows, &table_row::ended);
  auto tables = tables_->add(std::move(rows), header_.tables);
  if (!tables) return std::unexpected(std::move(tables.error()));
  fresh.tables = std::move(*tables);
  fresh.parser_states = numbers.listed();
  fresh.version = std::max(header_.version, version_of(fresh, ends));
  return {};
}

/// Of the shards that could leave.
parser_state_numbers::counts state::parser_states_in_log() const {
  parser_state_numbers::counts kept;
  for (const auto& [id, s] : in_log_) {
    if (s.token.empty() && !s.parser_state.empty()) ++kept[s.parser_state];
  }
  return kept;
}

/// Made of the shards directly: a copy of a million of them would take more than all else.
std::vector<table_row> state::rows_leaving(const parser_state_numbers& numbers) const {
  std::vector<table_row> rows;
  for (const auto& [id, s] : in_log_) {
    if (!fits_a_table(s, numbers)) continue;
    rows.push_back({.key = key_in(id),
                    .at = s.at,
                    .parser_state = *numbers.number_of(s.parser_state),
                    .ended = s.ended});
  }
  std::ranges::sort(rows, {}, &table_row::key);
  return rows;
}

/// In the order of their ids.
std::vector<shard_progress> state::shards_staying(bool others_leave,
                                                  const parser_state_numbers& numbers) const {
  std::vector<shard_progress> shards;
  for (const auto& [id, s] : in_log_) {
    if (!others_leave || !fits_a_table(s, numbers)) shards.push_back(s);
  }
  std::ranges::sort(shards, {}, &shard_progress::id);
  return shards;
}

}  // namespace weir
