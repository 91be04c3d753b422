#include "engine/section_run.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "record/as_json.hpp"
#include "stage/lanes.hpp"

namespace weir {
namespace {

/// What the dead letter calls the stage that text records without a parser went through.
const stage_id as_text{first_rule, "text"};

/// A run of per-batch stages as one function.
batch_function in_a_row(std::vector<batch_function> stages) {
  if (stages.size() == 1) return std::move(stages.front());
  return [stages = std::move(stages)](batch& b) {
    for (const batch_function& work : stages) work(b);
  };
}

bool may_run_in_lanes(const planned_stage& s) {
  return s.made.per_batch && s.made.stateless;
}

batch_function instance_of(const std::vector<const planned_stage*>& run, const context& with) {
  std::vector<batch_function> made;
  for (const planned_stage* s : run) made.push_back(s->made.per_batch(with, *s->id));
  return in_a_row(std::move(made));
}

void end_live(batch& b, fate f) {
  for (record& r : b) b.end_record(r, f);
}

stream lent_by(stream* upstream) {
  while (batch* b = upstream->next(co_await request)) co_yield *b;
}

/// A stage that ends by itself, in a branch: each record that a branch was given is accounted for,
/// so what the stages in front of it still hold is let out and filtered by it.
stream followed_to_the_end(stream in, const planned_stage* s, const context* with) {
  stream out = s->made.whole(lent_by(&in), *with, *s->id);
  while (batch* b = out.next(co_await request)) co_yield *b;
  for (;;) {
    pull wanted = co_await request;
    wanted.drain = true;
    batch* const left = in.next(wanted);
    if (left == nullptr) co_return;
    left->apply(*s->id, [](const record&) { return drop; });
    co_yield *left;
  }
}

}  // namespace

stream behind_stages(stream in, const section& of, const context& with, std::size_t lanes,
                     place_in_plan where) {
  std::vector<const planned_stage*> run;
  const auto chain_run = [&] {
    if (run.empty()) return;
    const auto make = [run, &with] { return instance_of(run, with); };
    in =
        lanes > 1 ? in_lanes(std::move(in), lanes, make, &with) : each_batch(std::move(in), make());
    run.clear();
  };
  for (const planned_stage& s : of.stages) {
    if (lanes > 1 ? may_run_in_lanes(s) : static_cast<bool>(s.made.per_batch)) {
      run.push_back(&s);
      continue;
    }
    chain_run();
    if (!s.made.whole) {
      in = each_batch(std::move(in), s.made.per_batch(with, *s.id));
    } else if (s.made.makes_end && where == place_in_plan::branch) {
      in = followed_to_the_end(std::move(in), &s, &with);
    } else {
      in = s.made.whole(std::move(in), with, *s.id);
    }
  }
  chain_run();
  return in;
}

struct section_run::branch_run {
  planned_branch& plan;
  feed in;
  section_run rest;
  bool over = false;

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
      in_branch_(up != nullptr || before_split != nullptr),
      counts_(before_split) {
  if (!of_.split) return;
  const bool route = of_.split->route;
  outcome_log* log = up_;
  if (!route) log = &joint_.emplace(of_.split->branches.size(), counts_, up_);
  for (planned_branch& b : of_.split->branches) {
    branches_.push_back(std::make_unique<branch_run>(b, shared_, name_ + b.name + "/", log,
                                                     route ? &counts_ : nullptr));
  }
}

section_run::~section_run() = default;

void section_run::open() {
  if (of_.sink.made && !shared_.rehearse) {
    of_.sink.made->open(shared_.with);
    sink_open_ = true;
  }
  for (const auto& b : branches_) b->rest.open();
}

time_point section_run::waits_until() const {
  time_point earliest = never;
  for (const auto& b : branches_) {
    if (!b->over) earliest = std::min({earliest, b->in.waits_until, b->rest.waits_until()});
  }
  return earliest;
}

bool section_run::step(const pull& wanted) {
  const pull mine{.until = std::min(wanted.until, waits_until()), .drain = wanted.drain};
  batch* const b = input_.next(mine);
  if (b == nullptr) {
    end_branches();
    close();
    return false;
  }
  deliver(*b);
  return true;
}

bool section_run::wants_more() const {
  if (branches_.empty()) return !reader_gone_;
  return !std::ranges::all_of(branches_, [](const auto& b) { return b->over; });
}

bool section_run::reader_gone() const {
  if (branches_.empty()) return reader_gone_;
  return !wants_more() &&
         std::ranges::any_of(branches_, [](const auto& b) { return b->rest.reader_gone(); });
}

/// A text record becomes JSON here at the latest, which must be UTF-8.
void section_run::reject_unwritable_text(batch& b) const {
  if (!of_.sink.made || of_.sink.made->takes_any_text()) return;
  for (record& r : b) {
    if (!can_be_json(r)) b.reject_record(r, reject(not_utf8), as_text);
  }
}

void section_run::deliver(batch& b) {
  reject_unwritable_text(b);
  if (!b.rejects().empty()) shared_.reject(b);
  if (of_.split) return split(b);
  if (!b.empty()) hand_over(b);
  counts_.settle(b, delivered);
  if (up_ == nullptr) return;
  for (const record& r : b) up_->note(r.source(), r.number(), delivered, {});
}

void section_run::hand_over(batch& b) {
  if (shared_.rehearse) return shared_.rehearse(of_.sink.text, b);
  if (reader_gone_) return end_live(b, shared_.reader_gone);
  if (const delivery done = of_.sink.made->write(b); !done) sink_failed(b, done.error());
}

void section_run::sink_failed(batch& b, const delivery_error& why) {
  sink_open_ = false;
  reader_gone_ = why.what == delivery_error::kind::closed;
  if (!reader_gone_ || !in_branch_) throw sink_failure(why);
  end_live(b, shared_.reader_gone);
}

// What ended before the split is counted here; the branches see only what is live.
void section_run::split(const batch& b) {
  counts_.settle(b, live);
  if (joint_) joint_->expect(b);
  std::vector<bool> taken(b.all().size(), false);
  for (const auto& branch : branches_) {
    batch copy = b.branch();
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
    offer(*branch, std::move(copy));
  }
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
  end_live(left, branch.rest.rule_of_end());
  branch.rest.counts_.settle(left, delivered);
  branch.in.full = false;
}

fate section_run::rule_of_end() const {
  if (reader_gone_) return shared_.reader_gone;
  for (const planned_stage& s : of_.stages | std::views::reverse) {
    if (s.made.makes_end) return s.id->rule;
  }
  return branches_.empty() ? first_rule : branches_.back()->rest.rule_of_end();
}

/// Pulls the branch until it wants more than it was given. One that nobody takes records from any
/// more is let run out, so that what its stages hold is accounted for.
void section_run::pump(branch_run& branch) {
  branch.in.starved = false;
  branch.in.waits_until = never;
  const pull at_once{.until = shared_.with.time->now(), .drain = false};
  while (!branch.over && (branch.in.full || !branch.in.starved)) {
    branch.over = !branch.rest.step(at_once);
    branch.in.ended = branch.in.ended || !branch.rest.wants_more();
  }
}

void section_run::end_branches() {
  for (const auto& b : branches_) {
    b->in.ended = true;
    while (!b->over) b->over = !b->rest.step(pull{});
  }
}

void section_run::close() {
  if (!std::exchange(sink_open_, false)) return;
  const delivery done = of_.sink.made->close();
  if (done) return;
  reader_gone_ = done.error().what == delivery_error::kind::closed;
  if (!reader_gone_ || !in_branch_) throw sink_failure(done.error());
}

// The run has its error already; a second one would only hide it.
void section_run::close_the_rest() {
  for (const auto& b : branches_) b->rest.close_the_rest();
  try {
    close();
  } catch (const error&) {
    return;
  }
}

void section_run::collect(std::vector<std::pair<std::string, const ledger*>>& sinks) const {
  for (const auto& b : branches_) b->rest.collect(sinks);
  if (of_.sink.made) sinks.emplace_back(name_ + of_.sink.text, &counts_);
}

}  // namespace weir
