#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/checkpoint.hpp"
#include "engine/checkpoint_log.hpp"
#include "weir/source.hpp"

namespace weir {

struct state_options {
  std::string directory;
  std::string plan;                  ///< its SHA-256
  bool accept_changed_plan = false;  ///< go on although the plan is not the one that began
};

/// What a pipeline remembers between runs, in a directory of its own: positions, sinks' tokens and
/// totals, in a checkpoint log. docs/design/006-one-entry-for-all-sinks.md tells how it works.
///
/// Use: construct; ask `last` and `memory_of`, resume the sinks; `begin_run` with the entry that
/// counts; then read from `position_of`, and `append` an entry for each commit. One thread at a
/// time, except for `position_of` after `begin_run`, which any thread may call.
class state {
 public:
  /// Takes the directory for this process alone. Throws weir::error: locked, io, or usage if the
  /// plan has changed. `files` outlives it.
  state(state_options options, disk& files);

  /// The entry of the last commit that was logged; 0 for none.
  std::uint64_t last_entry() const noexcept { return last_ ? last_->entry : base_.entry; }
  /// What the log knows of a sink: as of the last entry, or as of `begin_run`'s base after it.
  sink_memory memory_of(std::string_view sink) const;

  /// Begins this run at `base`: `last_entry()`, or the one before it if a sink did not get there.
  /// Throws weir::error (io) for any other.
  void begin_run(std::uint64_t base);

  position position_of(const shard& s) const;
  const run_totals& totals() const noexcept { return base_.totals; }
  std::uint64_t dead_bytes() const noexcept { return base_.dead_bytes; }

  /// The point of the next commit, for the sink of that name.
  commit_point next_point(std::string_view sink) const noexcept;
  /// Logs the commit of all sinks that `next_point` tells. `c.entry` is set here. After `refused`
  /// it may be tried again.
  delivery append(checkpoint c);
  /// All sinks have made it count.
  delivery committed();

 private:
  void read();
  void take(log_header h);
  void take(log_run r);
  void take(checkpoint c);
  void refuse_changed_plan() const;
  void create();
  void settle_last();
  delivery compact();
  void note(const std::vector<shard_progress>& moved);

  state_options options_;
  checkpoint_log log_;
  log_header header_;
  log_run run_;
  std::uint64_t next_entry_ = 1;
  checkpoint base_;                 ///< the entry that counts; its `shards` are in `positions_`
  std::optional<checkpoint> last_;  ///< one behind it, of which only a sink knows whether it counts
  std::unordered_map<std::string, shard_progress> positions_;
  std::unordered_map<std::string, shard_progress> moved_;  ///< in this run: for the next log
};

/// SHA-256 in hex.
std::string plan_hash(std::string_view plan_json);

}  // namespace weir
