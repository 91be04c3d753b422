#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint.hpp"
#include "engine/field_watch.hpp"
#include "engine/ledger.hpp"
#include "engine/plan.hpp"
#include "engine/strategy.hpp"
#include "net/backoff.hpp"

namespace weir {

/// 256 MiB, or half of what the cgroup allows if that is less.
std::uint64_t default_memory_bytes();
/// The cores that this process may use, by affinity and cgroup.
std::size_t usable_cores();

/// The most memory that this process has had.
std::uint64_t peak_rss_bytes();

/// What a progress line shows.
struct progress {
  std::uint64_t in = 0;
  std::uint64_t delivered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t stored_bytes = 0;  ///< read so far
  std::optional<std::uint64_t> stored_bytes_total;
  double seconds = 0;
};

struct run_options {
  std::size_t lanes = 0;  ///< 0: as many as there are cores, if the strategy is streaming
  std::uint64_t memory_bytes = default_memory_bytes();
  std::optional<weir::strategy> strategy;
  /// Rehearse with so many records: sinks are not opened, samples are kept.
  std::uint64_t dry_run_records = 0;
  std::string dead_letter;  ///< overrides the plan's; empty for none
  /// Where the run's checkpoints are, to go on from in the next one; empty for nowhere.
  std::string state_directory;
  /// Go on although the pipeline is not the one that began the state.
  bool accept_changed_pipeline = false;
  /// Where the caller will write the report, so that no output goes to the same file; empty for
  /// nowhere.
  std::string report_path;
  /// How long a place that does not take records is waited for. By default for ever if the input is
  /// endless or the run has a state, else a minute.
  std::optional<std::chrono::nanoseconds> give_up_after;
  /// From 0 to 1: stop when more of the latest records than this share are rejected.
  std::optional<double> max_reject_share;
  /// Told what people should know at once: that a sink makes the run wait, and that it goes on;
  /// that a followed file is gone. Any thread may call it.
  std::function<void(const std::string&)> on_notice;
  /// Called a few times a second, on the thread that runs.
  std::function<void(const progress&)> on_progress;
  /// Called on the thread that runs, before the sinks complete their outputs; no progress follows.
  std::function<void()> on_end_of_input;
};

/// A reject as people are shown it.
struct shown_reject {
  std::string source;
  std::uint64_t number = 0;
  std::uint32_t at = 0;
  std::string stage;
  std::string why;
  std::string raw;  ///< its first bytes
};

struct sample {
  std::string sink;
  std::string record;
};

/// What a run did. `total` obeys the ledger's equation unless `complete` is false.
struct run_report {
  account total;
  /// Of earlier runs with the same state.
  run_totals earlier;
  std::vector<ledger::shard_account> shards;
  std::uint64_t shards_seen = 0;
  /// Records that were delivered before a checksum turned out wrong over their bytes.
  std::uint64_t unverified = 0;
  /// How often an expression met a value of a type that it does not work on; its result was unknown
  /// or null.
  std::uint64_t type_mismatches = 0;
  /// Fields that the plan names and that were in no record; those of a condition only if it was
  /// true of none.
  std::vector<absent_field> absent_fields;
  std::vector<std::pair<std::string, account>> sinks;
  std::vector<std::string> rules;
  strategy_choice strategy{};
  std::size_t lanes = 1;
  double seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  exit_code exit = exit_code::ok;
  bool complete = false;  ///< all of the input was seen to its end
  std::string error;      ///< why it ended, if by an error
  std::string hint;
  std::vector<std::string> unreadable;
  std::vector<shown_reject> first_rejects;  ///< at most ten
  std::vector<sample> samples;              ///< of a dry run, at most three for each sink
};

/// The machine that a run sees; a test puts its own in place.
struct machine {
  clock& time;
  disk& files;
  interrupt& wake;  ///< `stop` makes the run drain
  uniform_chance chance = real_chance();
};

/// How many lanes a run of that strategy has.
std::size_t lanes_for(const run_options& options, strategy chosen);

/// Runs a plan to its end. Throws nothing for what can go wrong with input and output: the report
/// says it. `of` is used up.
run_report run(plan& of, const run_options& options, const machine& on);

}  // namespace weir
