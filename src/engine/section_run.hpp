#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/feed.hpp"
#include "engine/ledger.hpp"
#include "engine/plan.hpp"
#include "engine/run_parts.hpp"
#include "engine/single_records.hpp"
#include "engine/sink_run.hpp"
#include "engine/tee_outcomes.hpp"

namespace weir {

/// A section at work: stages over a stream, and the sink or the branches behind them. One thread.
class section_run {
 public:
  /// `input` is already behind the section's stages. `up`, the log of a tee further up, is told
  /// what became of each record; `before_split` is the ledger that a route's branch reports to.
  /// Both may be null. Everything given outlives it.
  section_run(section& of, stream input, run_parts& shared, std::string name, outcome_log* up,
              ledger* before_split);
  ~section_run();

  /// The sinks of all its paths, deepest first.
  void collect(std::vector<sink_run*>& sinks);
  /// Pulls one batch and delivers it. False at the end. Throws sink_failure if a sink failed; in a
  /// branch one whose reader is gone does not: only the branch is over.
  bool step(const pull& wanted);
  /// Lets the branches' stages hand over what they hold. What only the end of the input brings out
  /// (`sort`) stays: `all_through` tells.
  void flush();
  /// Where that was not enough, since a branch joins lines and the last one may go on: from now on,
  /// until `committed`, records reach such a branch first and the others with the next step. A line
  /// that begins a record ends the one before it, so in between all may have come as far. The same
  /// holds for a split within a branch.
  void hand_on_singly() noexcept;
  /// It has read more than it handed on: the next step pulls nothing.
  bool is_within_batch() const noexcept { return singly_.any(); }
  /// How far the section has come since `committed`: at its sink, or in front of its split.
  const shard_positions& moved() const;
  /// What a parser, here or in a branch, has to know of a shard that moved; null for nothing.
  std::shared_ptr<const std::string> parser_state_of(const shard& of) const;
  /// Its branches have come as far, but for those that take no more.
  bool all_through() const;
  void committed();
  /// Instead of it where nobody commits: what has come how far is not kept.
  void forget_moves();
  /// Closes the sinks. Throws sink_failure as `step` does.
  void close();
  /// False once nobody takes its records any more: its branches have ended by themselves, or the
  /// reader is gone.
  bool wants_more() const;
  /// That was because of a reader, of one branch at least.
  bool reader_gone() const;
  /// Closes the sinks that have not failed, when the run ends by an error: what was delivered stays
  /// whole.
  void close_the_rest();
  /// When the run ends by an error: what is on its way to a sink counts as never read.
  void break_off();
  /// A sink failed, and what it was given cannot be read.
  bool lost() const;
  /// The same where sinks commit in groups, or one lost what it had: what lies behind the last
  /// commit was not delivered.
  void take_back();
  /// When it must be pulled again although nothing came.
  time_point waits_until() const;

  const ledger& counts() const noexcept { return counts_; }
  /// The equation of each sink's path, by its name, deepest first.
  void collect(std::vector<std::pair<std::string, const ledger*>>& sinks) const;

 private:
  struct branch_run;

  batch* next_batch(const pull& wanted);
  void pass(const batch& b);
  void split(const batch& b);
  void split_first_of(batch& b);
  void hand_on_held_back();
  std::vector<batch> shares_of(const batch& b);
  bool is_through(const branch_run& branch) const;
  bool takes(const planned_branch& branch, const record& r) const;
  void offer(branch_run& to, batch b);
  void pump(branch_run& branch, bool flush = false);
  void hand_on_within(branch_run& branch);
  static void cut_off(branch_run& branch);
  void end_branches();
  /// The rule of what ended the section early, for the records that it never saw.
  fate rule_of_end() const;

  section& of_;
  stream input_;
  run_parts& shared_;
  std::string name_;
  outcome_log* up_;
  ledger counts_;
  std::optional<sink_run> sink_;  ///< unless it ends in a split
  shard_positions split_moved_;   ///< in front of the split
  std::optional<tee_outcomes> joint_;
  std::vector<std::unique_ptr<branch_run>> branches_;
  single_records singly_;  ///< see hand_on_singly
};

}  // namespace weir
