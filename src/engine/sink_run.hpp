#pragma once
#include <string>
#include <utility>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/plan.hpp"
#include "engine/run_parts.hpp"
#include "engine/shard_positions.hpp"

namespace weir {

/// The sink at the end of a path, at work: it is given batches, whose records count as delivered
/// once it has them for good. One thread.
class sink_run {
 public:
  /// `name` is its path in the plan. `counts` are the path's; `up`, which may be null, the log of a
  /// tee that the path is a branch of. Everything given outlives it.
  sink_run(planned_sink& of, std::string name, run_parts& shared, ledger& counts, outcome_log* up,
           bool in_branch);

  const std::string& name() const noexcept { return name_; }
  sink& to() noexcept { return *of_.made; }

  /// Throws weir::error once it has waited for long enough.
  void open();
  /// Opens it where it was, likewise; see sink::resume.
  std::uint64_t resume(const sink_memory& memory);
  /// Delivers the live records of `b` and counts all of it. Throws sink_failure, except in a branch
  /// whose reader is gone: `reader_gone` tells.
  void deliver(batch& b);
  bool reader_gone() const noexcept { return reader_gone_; }
  /// It failed, and what it was given cannot be read: see sink::counts_once_closed.
  bool lost() const noexcept { return lost_; }
  /// See sink::due.
  time_point due() const noexcept { return open_ ? of_.made->due() : never; }
  /// See sink::on_due. Throws sink_failure as `deliver` does.
  void on_due();
  /// See sink::end.
  bool end() { return open_ && to().end(); }
  /// Closes it unless it has failed. Throws sink_failure as `deliver` does.
  void close();

  // The group that is open: what it was given since the last commit.
  std::uint64_t uncommitted_bytes() const noexcept { return uncommitted_bytes_; }
  const shard_positions& moved() const noexcept { return moved_; }
  void forget_moves() noexcept { moved_.clear(); }
  /// Ends the group and gives the sink's token. Refused records are counted and handed to the dead
  /// letter here. Throws sink_failure.
  std::string prepare();
  /// Throws sink_failure.
  void commit(const commit_point& point);

 private:
  void reject_unwritable_text(batch& b) const;
  void hand_over(batch& b);
  void compact(batch& b) const;
  void hold_records_of(const batch& b);
  void hand_over_rejects(const batch& b);
  void failed(const delivery_error& why);
  void settle(const batch& b);
  void reject_late(const std::vector<refused_record>& refused);

  planned_sink& of_;
  std::string name_;
  stage_id id_;  ///< what the dead letter calls it
  run_parts& shared_;
  redelivery again_;
  ledger& counts_;
  outcome_log* up_;
  bool in_branch_;
  bool open_ = false;
  bool reader_gone_ = false;
  bool lost_ = false;
  std::uint64_t uncommitted_bytes_ = 0;
  shard_positions moved_;
  std::vector<batch> unsettled_;  ///< of a sink that may still refuse records of it
  std::uint64_t held_records_ = 0;
  budget_share held_;
};

}  // namespace weir
