#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/account.hpp"
#include "engine/shard_table.hpp"
#include "weir/record.hpp"

namespace weir {

/// The numbers of an account that go on from one run to the next: what reports call `total`.
struct run_totals {
  std::uint64_t in = 0;
  std::uint64_t created = 0;
  std::uint64_t delivered = 0;
  std::uint64_t filtered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t joined = 0;
  std::uint64_t blank = 0;
  std::uint64_t bytes_in = 0;
  friend bool operator==(const run_totals&, const run_totals&) = default;
};
run_totals totals_of(const account& a);
run_totals operator+(const run_totals& a, const run_totals& b) noexcept;

/// The first line of a checkpoint log.
struct log_header {
  static constexpr std::uint64_t version_with_tables = 2;
  static constexpr std::uint64_t version_with_parser_states = 3;
  static constexpr std::uint64_t version_with_ends = 4;
  static constexpr std::uint64_t known_version = 4;

  std::uint64_t version = 1;
  std::string pipeline;  ///< 128 random bits in hex: what sinks know this state by
  std::string plan;      ///< SHA-256 of the plan that the state belongs to
  std::string after;     ///< the last sum of the log that this one replaced; empty for none
  /// From version 2 on: the shards of the logs before, the newest first.
  std::vector<logged_table> tables = {};
  /// From version 3 on: what the rows of the tables mean by their numbers, the first by 1.
  std::vector<std::string> parser_states = {};
  // From version 4 on rows may say that their shard has ended.
};

/// Throws weir::error (io) if a newer weir wrote the log at `path`.
void refuse_newer(const log_header& header, const std::string& path);

/// A run began: it goes on from `base`, and entries behind that did not count.
struct log_run {
  std::uint64_t generation = 0;  ///< 1 for the first run
  std::uint64_t base = 0;        ///< the entry that counts; 0 for none
  std::string plan;
  std::string dead_letter;       ///< its path; empty for none
  std::uint64_t dead_bytes = 0;  ///< what it held when the run began
};

/// How far a shard has been read, filtered and delivered.
struct shard_progress {
  std::string id;    ///< see shard_id
  std::string name;  ///< for people
  position at;
  bool ended = false;             ///< nothing of it comes behind `at`
  std::string token = {};         ///< the source's, see source::token_at
  std::string parser_state = {};  ///< see run::parser_state
  friend bool operator==(const shard_progress&, const shard_progress&) = default;
};

struct sink_progress {
  std::string sink;   ///< its path in the plan: "out.ndjson", "1/out.ndjson"
  std::string token;  ///< see weir::prepared
  friend bool operator==(const sink_progress&, const sink_progress&) = default;
};

/// One commit of all sinks at the same point of the stream: everything up to the positions has
/// been delivered, filtered or rejected, nothing behind them has.
struct checkpoint {
  std::uint64_t entry = 0;               ///< ascending from 1
  std::vector<shard_progress> shards{};  ///< those that moved since the entry before
  std::vector<sink_progress> sinks{};    ///< all of them
  std::uint64_t dead_bytes = 0;          ///< length of the dead letter; 0 without one
  run_totals totals{};                   ///< over all runs
  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// What a sink wrote down for itself; see weir::sink_notebook.
struct log_note {
  std::string sink;
  std::string text;
};

/// Shards that the source came upon; see weir::resume_points::keep. It holds whatever becomes of
/// the commits around it.
struct log_begun {
  std::vector<shard_progress> shards;
};

// Lines of the log as JSON, and back.
std::string to_json(const log_header& h);
std::string to_json(const log_run& r);
std::string to_json(const checkpoint& c);
std::string to_json(const log_note& n);
std::string to_json(const log_begun& b);

using log_entry = std::variant<log_header, log_run, checkpoint, log_note, log_begun>;
/// Throws weir::error (io) if `json` is none of them: its sum was right, so a newer weir wrote it.
log_entry parse_log_entry(std::string_view json);

}  // namespace weir
