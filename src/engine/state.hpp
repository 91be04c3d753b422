#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/checkpoint.hpp"
#include "engine/checkpoint_log.hpp"
#include "engine/parser_state_numbers.hpp"
#include "engine/shard_tables.hpp"
#include "weir/source.hpp"

namespace weir {

struct state_options {
  std::string directory;
  std::string plan;                  ///< its SHA-256
  std::string plan_as_spelled = {};  ///< a state of before may have this one
  bool accept_changed_plan = false;  ///< go on although the plan is not the one that began
};

/// What a pipeline remembers between runs, in a directory of its own: positions, sinks' tokens and
/// totals, in a checkpoint log. docs/design/008-one-entry-for-all-sinks.md tells how it works.
///
/// Use: construct; ask `memory_of` and resume the sinks that know which entry counts; `settle_on`
/// it; resume the other sinks; `begin_run`; then read from `position_of`, and `append` an entry for
/// each commit. One thread at a
/// time, except for `position_of`, `was_read_whole`, `token_of`, `parser_state_of`,
/// `shards_with_token` and `keep`
/// after `begin_run`, which any thread may call.
class state {
 public:
  /// Takes the directory for this process alone. Throws weir::error: locked, io, or usage if the
  /// plan has changed. `files` outlives it.
  state(state_options options, disk& files);

  /// The entry of the last commit that was logged; 0 for none.
  std::uint64_t last_entry() const noexcept { return last_ ? last_->entry : base_.entry; }
  /// What the log knows of a sink: as of the last entry, or as of the one settled on. What it is
  /// given to write notes with is for after `begin_run`, and lasts as long as this.
  sink_memory memory_of(std::string_view sink);

  /// Goes back to `base`: `last_entry()`, or the one before it if a sink did not get there. Throws
  /// weir::error (io) for any other.
  void settle_on(std::uint64_t base);
  /// How much of the dead letter at `path` counts; nothing if earlier runs did not write it.
  std::optional<std::uint64_t> dead_bytes(std::string_view path) const;
  /// The hash of the plan of the run before this one.
  const std::string& last_plan() const noexcept { return run_.plan; }
  /// Begins this run, whose dead letter (an empty path for none) has that length.
  void begin_run(std::string dead_letter, std::uint64_t dead_bytes);

  position position_of(const shard& s) const;
  /// It was read to its end, and nothing was broken there.
  bool was_read_whole(const shard& s) const;
  /// What the source kept with that position.
  std::string token_of(const shard& s) const;
  /// The shards of which the source kept one.
  std::vector<remembered_shard> shards_with_token() const;
  /// Logs that the source came upon these. After `refused` it may be tried again.
  delivery keep(std::span<const begun_shard> begun);
  /// What the parser kept of it; empty for nothing.
  std::string parser_state_of(const shard& s) const;
  /// Of the runs before this one.
  const run_totals& earlier_totals() const noexcept { return earlier_; }

  /// The point of the next commit, for the sink of that name.
  commit_point next_point(std::string_view sink) const noexcept;
  /// Logs the commit of all sinks that `next_point` tells. `c.entry` is set here. After `refused`
  /// it may be tried again.
  delivery append(checkpoint c);
  /// All sinks have made it count. A log that has grown long is written anew, once there is room
  /// for it.
  delivery committed();

 private:
  void read();
  void take(log_header h);
  void take(log_run r);
  void take(checkpoint c);
  void take(log_note n);
  void take(log_begun b);
  void refuse_lost_base() const;
  void refuse_changed_plan() const;
  void create();
  void settle_last();
  delivery compact();
  delivery leave_to_tables(log_header& fresh, const parser_state_numbers& numbers) const;
  parser_state_numbers::counts parser_states_in_log() const;
  std::vector<table_row> rows_leaving(const parser_state_numbers& numbers) const;
  std::vector<shard_progress> shards_staying(bool others_leave,
                                             const parser_state_numbers& numbers) const;
  std::vector<std::string> notes_of(std::string_view sink) const;
  std::string_view known_name(std::string_view sink) const;
  void recall_name(std::string_view sink);

  state_options options_;
  std::mutex writing_;  ///< `log_` and `in_log_`, once the run has begun
  checkpoint_log log_;
  log_header header_;
  log_run run_;  ///< the last one; its `dead_bytes` go on with the entries
  run_totals earlier_;
  std::uint64_t next_entry_ = 1;  ///< no number twice, also of one that a run went back from
  std::uint64_t written_anew_bytes_ = 0;  ///< how long the log was when this run wrote it anew
  /// What the log calls sinks in whose names a condition is spaced otherwise now.
  std::map<std::string, std::string, std::less<>> names_;
  checkpoint base_;                 ///< the entry that counts; without its `shards`
  std::optional<checkpoint> last_;  ///< one behind it, of which only a sink knows whether it counts
  std::vector<log_note> notes_before_last_;  ///< of this log's last run, behind `base_`
  std::vector<log_note> notes_;              ///< of this log's last run, behind `last_`
  using shards_by_id = std::unordered_map<std::string, shard_progress>;
  shards_by_id positions_;                  ///< in the log, up to `base_` until this run began
  shards_by_id in_log_;                     ///< now
  std::optional<shard_tables> tables_;      ///< of the logs before, as of the start of this run
  std::vector<std::string> parser_states_;  ///< of their rows
};

/// SHA-256 in hex.
std::string plan_hash(std::string_view plan_json);

}  // namespace weir
