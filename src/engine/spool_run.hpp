#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/crew.hpp"
#include "base/spool_queue.hpp"
#include "engine/plan.hpp"
#include "engine/run.hpp"

namespace weir {

/// What stands behind a spool, at work: a run of its own, on a thread of its own, with a state and
/// a dead letter of its own in the spool's directory. docs/design/019-a-spool-is-two-pipelines.md
/// tells why.
class spool_run {
 public:
  struct place_in_plan {
    std::string name;     ///< of the spool's sink: its path in the plan
    bool in_tee = false;  ///< other branches may have its records, too
  };

  /// `before` is the run in front of it, whose options it shares except for its places. Everything
  /// given outlives it.
  spool_run(place_in_plan place, planned_spool of, const plan& before, run_options options,
            const machine& on, const context& with);

  /// Starts it. The spool is open.
  void start();
  /// It is to stop where it is; what is left in the spool stays there.
  void abandon() { queue_->abandon(); }
  /// Waits for its end and closes the spool.
  void join();

  const std::string& name() const noexcept { return place_.name; }

  // After `join`, for the report of the whole run.
  /// Adds the accounts of its sinks. Of the records that `in_front`, the path that ends in the
  /// spool, has counted as delivered, those count in the whole that left the spool, and as what
  /// became of them then. In a tee, where a record counts once for all branches, they stay as they
  /// were counted.
  void add_accounts(const ledger& in_front, run_report& whole) const;
  void add_findings(run_report& whole) const;
  const run_report& report() const noexcept { return report_; }

 private:
  void work();
  void move_counts(const ledger& in_front, run_report& whole) const;
  void move_earlier_counts(run_totals& earlier) const;
  void say_what_is_left(std::uint64_t left) const;

  place_in_plan place_;
  std::shared_ptr<spool_queue> queue_;
  plan plan_;
  run_options options_;
  const machine& on_;
  spool_place began_;  ///< what earlier runs had put into the spool
  run_report report_;
  crew thread_;  // last: it uses all of the others
};

/// How many spools a plan has that are not behind another one.
std::size_t count_spools(const section& of);

/// All that stand behind spools of a plan.
class spool_runs {
 public:
  /// Takes them out of the plan `of` and starts them; see spool_run. The spools are open.
  void start(plan& of, const run_options& options, const machine& on, const context& with);
  void abandon();
  /// Waits for their ends. The report of one that failed, or null.
  const run_report* join();

  // After `join`.
  bool have_rejected() const;
  /// `paths` are those in front of the spools, and others, by the names of their sinks.
  void add_accounts(const std::vector<std::pair<std::string, const ledger*>>& paths,
                    run_report& whole) const;
  void add_findings(run_report& whole) const;

 private:
  std::vector<std::unique_ptr<spool_run>> all_;
};

}  // namespace weir
