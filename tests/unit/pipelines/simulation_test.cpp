// Rows 3 to 6 of the fault matrix (docs/faults.md) in one process on virtual time: a seed decides
// the pipeline, its input, how much a read gives, and when the power fails, the disk is full or a
// sync fails. Runs follow one another until the end; then nothing may be missing or there twice.
//
// One seed is one history: WEIR_SEED=N test_pipelines --gtest_filter='*simulat*' repeats it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "one_run.hpp"
#include "unit/memory_disk.hpp"

namespace weir::test {
namespace {

using ::testing::StartsWith;
using random_numbers = std::mt19937_64;

// None of them reads on several threads: one seed has to be one history.

constexpr auto dead_letter = "state/dead.ndjson";

constexpr std::array pipelines{
    R"(from "in/*.ndjson" | json | to out/a.ndjson)",
    R"(from "in/*.ndjson" | json | where n > 40 | set host = "h" | to out/a.ndjson)",
    R"(from "in/*.ndjson" | json | where n > 20 | batch 7 | to out/a.ndjson)",
    R"(from "in/*.ndjson" | json | batch 30 50ms | to out/a.ndjson)",
    R"(from "in/*.ndjson" | json | where n < 60 | to out/c.ndjson.gz)",
    R"(from "in/*.ndjson" | search 4 | to out/a.ndjson)",
    R"(from "in/*.ndjson" | json | tee (where n > 50 | to out/a.ndjson) (batch 9 | to out/b.ndjson))",
    R"(from "in/*.ndjson" | json | tee (batch 4 | to out/a.ndjson) (to out/c.ndjson.gz))",
    R"(from "in/*.ndjson" | json | route (when n > 70 | to out/a.ndjson) (else | to out/b.ndjson))",
    R"(from "in/*.ndjson" | json | to out/d.ndjson rotate_bytes=300)",
    R"(from "in/*.ndjson" | json | where n < 9 | to "out/{n}.ndjson" open_files=3)",
    R"(from "in/*.ndjson" | json | where n < 4 | to "out/{n}-{part}.ndjson.gz" rotate_every=20ms)",
    R"(from "in/*.ndjson" | json | tee (to out/e.ndjson rotate_bytes=99) (batch 9 | to out/b.ndjson))",
    R"(from "in/*.ndjson" | tee (multiline continue="[0-4]|^b" timeout=0s | to out/a.ndjson) (to out/b.ndjson))",
    R"(from "in/*.ndjson" | route (when message like "%5%" | multiline start="7" timeout=0s | to out/a.ndjson) (else | batch 3 | to out/b.ndjson))",
    R"(from "in/*.ndjson" | tee (to out/a.ndjson) (batch 6 | tee (multiline continue="[0-4]|^b" timeout=0s | to out/b.ndjson) (batch 5 | to out/c.ndjson.gz)))",
};

/// A file with blank and broken lines, perhaps without an end.
std::string some_lines(random_numbers& random) {
  std::string text;
  for (std::uint64_t i = random() % 120; i > 0; --i) {
    const std::uint64_t kind = random() % 12;
    if (kind > 1) text += "{\"n\":" + std::to_string(random() % 100) + "}";
    if (kind == 1) text += "broken";
    text += "\n";
  }
  if (random() % 2 == 0) text += R"({"n":99})";
  return text;
}

/// The lines of a dead letter, but for when the run began that wrote them.
std::string without_times(std::string lines) {
  RE2::GlobalReplace(&lines, R"("time":"[^"]*",)", "");
  return lines;
}

/// One disk and the runs that happen to it.
class history {
 public:
  explicit history(std::uint64_t seed)
      : random_(seed), pipeline_(pipelines[random_() % pipelines.size()]) {
    for (const char* name : {"in/a.ndjson", "in/b.ndjson", "in/c.ndjson"}) {
      disk_.put(name, some_lines(random_));
    }
    disk_.put("out/.here", {});
    disk_.on_call = [this] {
      time_.advance(std::chrono::microseconds{random_() % (random_() % 8 == 0 ? 20'000 : 300)});
    };
  }

  const char* pipeline() const { return pipeline_; }

  void live() {
    const auto expected = undisturbed();
    for (std::uint64_t runs = random_() % 5; runs > 0; --runs) run_with_a_fault();
    const run_report last = run();
    EXPECT_TRUE(last.error.empty()) << last.error;
    EXPECT_TRUE(last.complete);
    // What a run has said that it delivered survives.
    disk_.crash(random_);
    EXPECT_EQ(arrived(), expected.arrived);
    EXPECT_EQ(last.earlier + totals_of(last.total), expected.totals);
  }

 private:
  struct end {
    std::map<std::string, std::string> arrived;
    run_totals totals;
  };

  /// The same input on a disk where nothing happens.
  end undisturbed() {
    memory_disk calm = disk_;
    std::swap(calm, disk_);
    disk_.on_call = {};
    const run_report done = run();
    end out{.arrived = arrived(), .totals = totals_of(done.total)};
    std::swap(calm, disk_);
    return out;
  }

  run_report run(std::chrono::nanoseconds give_up_after = std::chrono::hours{1}) {
    plan made = planned(pipeline_);
    run_options options;
    options.lanes = 1;
    options.state_directory = "state";
    options.give_up_after = give_up_after;
    interrupt wake;
    run_report report = weir::run(made, options, {time_, disk_, wake});
    expect_accounted(report);
    return report;
  }

  void run_with_a_fault() {
    const std::uint64_t kind = random_() % 4;
    if (kind == 0) disk_.failing_sync = disk_.syncs + 1 + static_cast<int>(random_() % 20);
    if (kind == 1) disk_.capacity_bytes = disk_.used_bytes() + random_() % 4000;
    if (kind > 1) disk_.calls_left = static_cast<int>(random_() % 150);
    try {
      run(std::chrono::milliseconds{random_() % 5000});
    } catch (const power_failure&) {
    }
    disk_.failing_sync = 0;
    disk_.capacity_bytes = UINT64_MAX;
    // Half of the time only the process has ended.
    disk_.restart();
    if (random_() % 2 == 0) disk_.crash(random_);
  }

  /// Compressed files as their lines, and those of one stem, whose bounds are a matter of time, as
  /// one.
  std::map<std::string, std::string> arrived() {
    std::map<std::string, std::string> all;
    for (const std::string& path : disk_.paths()) {
      if (path == dead_letter) all[path] = without_times(disk_.text(path));
      if (!path.starts_with("out/") || path == "out/.here") continue;
      if (!path.ends_with(".gz")) all[path] = disk_.text(path);
    }
    std::set<std::string> packed;
    for (const std::string& path : disk_.paths()) {
      if (path.starts_with("out/") && path.ends_with(".gz")) packed.insert(all_parts_of(path));
    }
    for (const std::string& parts : packed) all[parts] = unpacked('"' + parts + '"');
    return all;
  }
  static std::string all_parts_of(const std::string& path) {
    const std::size_t mark = path.find('-');
    return mark == path.npos ? path : path.substr(0, mark) + "-*.gz";
  }
  std::string unpacked(const std::string& name) {
    plan made = planned("from " + name + " | json | to unpacked.ndjson");
    run_options options;
    options.lanes = 1;
    interrupt wake;
    const run_report done = weir::run(made, options, {time_, disk_, wake});
    EXPECT_EQ(done.exit, exit_code::ok) << done.error;
    const std::string text = disk_.text("unpacked.ndjson");
    EXPECT_TRUE(disk_.remove("unpacked.ndjson"));
    return text;
  }

  random_numbers random_;
  const char* pipeline_;
  memory_disk disk_;
  virtual_clock time_;
};

void live_through(std::uint64_t seed) {
  history one(seed);
  SCOPED_TRACE("WEIR_SEED=" + std::to_string(seed) + ": " + one.pipeline());
  one.live();
}

constexpr std::uint64_t seeds_a_test = 2500;

class simulated_runs : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(simulated_runs, A4_3_to_6_lose_and_repeat_nothing) {
  if (const char* const seed = std::getenv("WEIR_SEED")) {
    return live_through(std::strtoull(seed, nullptr, 10));
  }
  const std::uint64_t first = GetParam() * seeds_a_test;
  for (std::uint64_t seed = first; seed < first + seeds_a_test && !HasFailure(); ++seed) {
    live_through(seed);
  }
}

INSTANTIATE_TEST_SUITE_P(simulation, simulated_runs, ::testing::Range<std::uint64_t>(0, 4));

run_report run_on(memory_disk& disk) {
  plan made = planned("from in.ndjson | json | to out.ndjson");
  run_options options;
  options.lanes = 1;
  options.state_directory = "state";
  virtual_clock time;
  interrupt wake;
  return weir::run(made, options, {time, disk, wake});
}

/// Whether the power failed in that run.
bool power_fails(memory_disk& disk, int calls) {
  disk.calls_left = calls;
  try {
    return !run_on(disk).error.empty();
  } catch (const power_failure&) {
    return true;
  }
}

TEST(a_torn_dead_letter, is_gone_on_with_wherever_the_power_fails) {
  bool failed = true;
  for (int calls = 0; failed; ++calls) {
    SCOPED_TRACE(calls);
    memory_disk disk;
    disk.put("in.ndjson", "{}\nbroken\n");
    disk.put("out.ndjson", "");
    disk.put(dead_letter, "{\"time\":");
    failed = power_fails(disk, calls);
    disk.restart();
    disk.crash();
    EXPECT_EQ(run_on(disk).error, "");
    EXPECT_EQ(disk.text("out.ndjson"), "{}\n");
    const std::string lines = without_times(disk.text(dead_letter));
    EXPECT_THAT(lines, StartsWith("{\"time\":\n{\"source\":\"in.ndjson\",\"number\":2,"));
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  }
}

}  // namespace
}  // namespace weir::test
