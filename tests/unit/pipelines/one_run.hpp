#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "engine/run.hpp"

namespace weir::test {

/// How a pipeline is run.
struct manner {
  std::optional<weir::strategy> strategy = {};
  std::size_t lanes = 0;
  /// Unless 0, reads give a few bytes each, as this seed decides.
  std::uint64_t small_reads = 0;
  bool dead_letter = false;  ///< rejects go to dead.ndjson
  std::uint64_t dry_run_records = 0;
};

void PrintTo(const manner& how, std::ostream* out);

/// What a run left behind.
struct outcome {
  run_report report;
  std::string json;                          ///< the report as `--report` has it
  std::map<std::string, std::string> files;  ///< all that were not there before, by name
};

/// The plan of a pipeline's text. Throws std::runtime_error if it is wrong.
plan planned(const std::string& pipeline, const std::vector<component>& table = components());

/// Runs the text of a pipeline in a fresh directory that holds `inputs`. The wall clock stands at
/// 2026-01-01T00:00:00Z. Throws std::runtime_error if the pipeline is wrong.
outcome run_in_directory(const std::string& pipeline,
                         const std::map<std::string, std::string>& inputs, const manner& how,
                         const std::vector<component>& table = components());

/// The equation of the ledger in total, for each sink and each shard; and the shards add up.
void expect_accounted(const run_report& report);

}  // namespace weir::test
