#include "engine/section_run.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

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

/// The rule of the stage that ended the branch early, for the records that it never saw.
fate rule_of_cut(const section& of) {
  return of.stages.empty() ? first_rule : of.stages.back().id->rule;
}

}  // namespace

stream behind_stages(stream in, const section& of, const context& with, std::size_t lanes) {
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
    in = s.made.whole ? s.made.whole(std::move(in), with, *s.id)
                      : each_batch(std::move(in), s.made.per_batch(with, *s.id));
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
        rest(of.rest, behind_stages(fed_by(&in, &shared.with), of.rest, shared.with, 1), shared,
             std::move(name), up, before_split) {}
};

section_run::section_run(section& of, stream input, run_parts& shared, std::string name,
                         outcome_log* up, ledger* before_split)
    : of_(of),
      input_(std::move(input)),
      shared_(shared),
      name_(std::move(name)),
      up_(up),
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
  if (of_.sink.made && !shared_.rehearse) of_.sink.made->open(shared_.with);
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
  const bool all_over =
      !branches_.empty() && std::ranges::all_of(branches_, [](const auto& x) { return x->over; });
  return !all_over;
}

/// A text record becomes JSON here at the latest, which must be UTF-8.
void section_run::reject_unwritable_text(batch& b) const {
  if (!of_.sink.made || of_.sink.made->takes_any_text()) return;
  for (record& r : b) {
    if (r.shape() == shape::json) continue;
    if (simdjson::validate_utf8(r.text().data(), r.text().size())) continue;
    b.reject_record(r, reject("invalid UTF-8"), as_text);
  }
}

void section_run::deliver(batch& b) {
  reject_unwritable_text(b);
  if (!b.rejects().empty()) shared_.reject(b);
  if (of_.split) return split(b);
  if (!b.empty()) {
    if (shared_.rehearse) {
      shared_.rehearse(of_.sink.text, b);
    } else {
      require(of_.sink.made->write(b));
    }
  }
  counts_.settle(b, delivered);
  if (up_ == nullptr) return;
  for (const record& r : b) up_->note(r.source(), r.number(), delivered, {});
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

/// The branch ended by itself (`head`): what it did not take any more is filtered by its last
/// stage.
void section_run::cut_off(branch_run& branch) {
  batch& left = branch.in.next;
  for (record& r : left.all()) {
    if (r.is_live()) left.end_record(r, rule_of_cut(branch.plan.rest));
  }
  branch.rest.counts_.settle(left, delivered);
  branch.in.full = false;
}

/// Pulls the branch until it wants more than it was given.
void section_run::pump(branch_run& branch) {
  branch.in.starved = false;
  branch.in.waits_until = never;
  const pull at_once{.until = shared_.with.time->now(), .drain = false};
  while (!branch.over && (branch.in.full || !branch.in.starved)) {
    branch.over = !branch.rest.step(at_once);
  }
}

void section_run::end_branches() {
  for (const auto& b : branches_) {
    b->in.ended = true;
    while (!b->over) b->over = !b->rest.step(pull{});
  }
}

void section_run::close() {
  if (of_.sink.made && !shared_.rehearse) require(of_.sink.made->close());
}

void section_run::require(const delivery& done) {
  if (!done) throw sink_failure(done.error());
}

void section_run::collect(std::vector<std::pair<std::string, const ledger*>>& sinks) const {
  for (const auto& b : branches_) b->rest.collect(sinks);
  if (of_.sink.made) sinks.emplace_back(name_ + of_.sink.text, &counts_);
}

}  // namespace weir
