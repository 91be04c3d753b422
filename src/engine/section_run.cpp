#include "engine/section_run.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "engine/behind_stages.hpp"

namespace weir {

struct section_run::branch_run {
  planned_branch& plan;
  feed in;
  section_run rest;
  bool over = false;
  /// It takes no more by itself, however much is there.
  bool done = false;

  branch_run(planned_branch& of, run_parts& shared, std::string name, outcome_log* up,
             ledger* before_split)
      : plan(of),
        rest(of.rest,
             behind_stages(fed_by(&in, &shared.with), of.rest, shared.with, 1,
                           place_in_plan::branch),
             shared, std::move(name), up, before_split) {}
};

section_run::section_run(section& of, stream input, run_parts& shared, std::string name,
                         outcome_log* up, ledger* before_split)
    : of_(of),
      input_(std::move(input)),
      shared_(shared),
      name_(std::move(name)),
      up_(up),
      counts_(before_split) {
  if (!of_.split) {
    const bool in_branch = up != nullptr || before_split != nullptr;
    sink_.emplace(of_.sink, name_ + of_.sink.text, shared_, counts_, up_, in_branch);
    return;
  }
  const bool route = of_.split->route;
  outcome_log* log = up_;
  if (!route) log = &joint_.emplace(of_.split->branches.size(), counts_, up_);
  for (planned_branch& b : of_.split->branches) {
    branches_.push_back(std::make_unique<branch_run>(b, shared_, name_ + b.name + "/", log,
                                                     route ? &counts_ : nullptr));
  }
}

section_run::~section_run() = default;

void section_run::collect(std::vector<sink_run*>& sinks) {
  for (const auto& b : branches_) b->rest.collect(sinks);
  if (sink_) sinks.push_back(&*sink_);
}

time_point section_run::waits_until() const {
  time_point earliest = never;
  for (const auto& b : branches_) {
    if (!b->over) earliest = std::min({earliest, b->in.waits_until, b->rest.waits_until()});
  }
  return earliest;
}

bool section_run::step(const pull& wanted) {
  if (singly_.holds_back()) {
    hand_on_held_back();
    return true;
  }
  std::optional<batch> left = singly_.take_rest();
  batch* const b = left ? &*left : next_batch(wanted);
  if (b == nullptr) {
    end_branches();
    return false;
  }
  if (sink_) {
    sink_->deliver(*b);
  } else if (singly_.want(*b)) {
    split_first_of(*b);
  } else {
    split(*b);
  }
  return true;
}

batch* section_run::next_batch(const pull& wanted) {
  pull mine = wanted;
  mine.until = std::min(wanted.until, waits_until());
  singly_.meet();
  return input_.next(mine);
}

bool section_run::wants_more() const {
  if (singly_.holds_back()) return true;
  if (sink_) return !sink_->reader_gone();
  return !std::ranges::all_of(branches_, [](const auto& b) { return b->over; });
}

bool section_run::reader_gone() const {
  if (sink_) return sink_->reader_gone();
  return !wants_more() &&
         std::ranges::any_of(branches_, [](const auto& b) { return b->rest.reader_gone(); });
}

// What ended before the split is counted here; the branches see only what is live.
void section_run::pass(const batch& b) {
  if (!b.rejects().empty()) shared_.reject(b);
  split_moved_.note(b);
  counts_.settle(b, live);
}

void section_run::split(const batch& b) {
  pass(b);
  std::vector<batch> shares = shares_of(b);
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    offer(*branches_[i], std::move(shares[i]));
    hand_on_within(*branches_[i]);
  }
}

void section_run::split_first_of(batch& b) {
  batch first = singly_.take_first(b, shared_.with.pool);
  std::vector<batch> shares = shares_of(first);
  std::vector<single_records::waiting_share> waiting;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    if (is_through(*branches_[i])) {
      waiting.emplace_back(i, std::move(shares[i]));
    } else {
      offer(*branches_[i], std::move(shares[i]));
    }
  }
  singly_.hold_back(std::move(first), std::move(waiting));
}

void section_run::hand_on_held_back() {
  pass(singly_.held_back());
  for (auto& [branch, share] : singly_.take_waiting()) offer(*branches_[branch], std::move(share));
  for (const auto& b : branches_) hand_on_within(*b);
  singly_.let_go();
}

/// One batch for each branch.
std::vector<batch> section_run::shares_of(const batch& b) {
  if (joint_) joint_->expect(b);
  std::vector<bool> taken(b.all().size(), false);
  std::vector<batch> shares;
  for (const auto& branch : branches_) {
    batch& copy = shares.emplace_back(b.branch());
    copy.forget_settled();
    for (std::size_t i = 0; i < copy.all().size(); ++i) {
      record& r = copy.all()[i];
      if (!r.is_live()) {
        r.set_fate(elsewhere);
      } else if (of_.split->route && (taken[i] || !takes(branch->plan, r))) {
        copy.end_record(r, elsewhere);
      } else {
        taken[i] = true;
      }
    }
    copy.set_outcomes(joint_ ? &*joint_ : up_);
  }
  return shares;
}

bool section_run::takes(const planned_branch& branch, const record& r) const {
  return !branch.takes || branch.takes(r, shared_.with.started_ns);
}

void section_run::offer(branch_run& to, batch b) {
  to.in.next = std::move(b);
  to.in.full = true;
  pump(to);
  if (to.in.full) cut_off(to);
}

/// The branch is over: what it did not take any more is filtered by what ended it.
void section_run::cut_off(branch_run& branch) {
  batch& left = branch.in.next;
  left.end_live(branch.rest.rule_of_end());
  branch.rest.counts_.settle(left, delivered);
  branch.in.full = false;
}

fate section_run::rule_of_end() const {
  if (reader_gone()) return shared_.reader_gone;
  for (const planned_stage& s : of_.stages | std::views::reverse) {
    if (s.made.makes_end) return s.id->rule;
  }
  return branches_.empty() ? first_rule : branches_.back()->rest.rule_of_end();
}

/// Pulls the branch until it wants more than it was given, or a split in it holds a record back.
/// One that nobody takes records from any more is let run out, so that what its stages hold is
/// accounted for.
void section_run::pump(branch_run& branch, bool flush) {
  branch.in.starved = false;
  branch.in.waits_until = never;
  const pull at_once{.until = shared_.with.time->now(), .drain = false, .flush = flush};
  while (!branch.over && (branch.in.full || !branch.in.starved)) {
    branch.over = branch.done = !branch.rest.step(at_once);
    branch.in.ended = branch.in.ended || !branch.rest.wants_more();
    if (branch.rest.is_within_batch() && !branch.in.full) return;
  }
}

/// Until all of what it was given has come through its own splits.
void section_run::hand_on_within(branch_run& branch) {
  while (!branch.over && branch.rest.is_within_batch()) pump(branch);
}

void section_run::end_branches() {
  for (const auto& b : branches_) {
    b->in.ended = true;
    while (!b->over) b->over = !b->rest.step(pull{});
    b->done = b->done || !b->rest.wants_more();
  }
}

// A stage hands over one batch for each pull, so it is asked until nothing new comes.
void section_run::flush() {
  for (const auto& b : branches_) {
    while (!b->over && !b->rest.is_within_batch()) {
      const shard_positions before = b->rest.moved();
      pump(*b, true);
      if (b->rest.moved() == before) break;
    }
    b->rest.flush();
  }
}

const shard_positions& section_run::moved() const {
  return sink_ ? sink_->moved() : split_moved_;
}

std::shared_ptr<const std::string> section_run::parser_state_of(const shard& of) const {
  if (auto kept = moved().parser_state_of(of)) return kept;
  for (const auto& b : branches_) {
    if (auto kept = b->rest.parser_state_of(of)) return kept;
  }
  return nullptr;
}

void section_run::hand_on_singly() noexcept {
  singly_.begin(moved().cover_all());
  for (const auto& b : branches_) b->rest.hand_on_singly();
}

bool section_run::is_through(const branch_run& branch) const {
  return branch.done || (branch.rest.moved() == moved() && branch.rest.all_through());
}

bool section_run::all_through() const {
  return moved().cover_all() &&
         std::ranges::all_of(branches_, [this](const auto& b) { return is_through(*b); });
}

void section_run::committed() {
  singly_.end();
  split_moved_.clear();
  counts_.commit();
  for (const auto& b : branches_) b->rest.committed();
}

void section_run::forget_moves() {
  split_moved_.clear();
  for (const auto& b : branches_) b->rest.forget_moves();
  if (sink_) sink_->forget_moves();
}

void section_run::close() {
  for (const auto& b : branches_) b->rest.close();
  if (sink_) sink_->close();
}

// The run has its error already; a second one would only hide it.
void section_run::close_the_rest() {
  for (const auto& b : branches_) b->rest.close_the_rest();
  if (!sink_) return;
  try {
    sink_->close();
  } catch (const error&) {
    return;
  }
}

bool section_run::lost() const {
  return (sink_ && sink_->lost()) ||
         std::ranges::any_of(branches_, [](const auto& b) { return b->rest.lost(); });
}

void section_run::break_off() {
  for (const auto& b : branches_) b->rest.break_off();
  if (joint_) joint_->abandon();
  counts_.forget_unended();
}

void section_run::take_back() {
  for (const auto& b : branches_) b->rest.take_back();
  counts_.take_back();
}

void section_run::collect(std::vector<std::pair<std::string, const ledger*>>& sinks) const {
  for (const auto& b : branches_) b->rest.collect(sinks);
  if (sink_) sinks.emplace_back(sink_->name(), &counts_);
}

}  // namespace weir
