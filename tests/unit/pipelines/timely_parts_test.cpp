// rotate_every ends a part when its time is over, also while nothing comes in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/clock.hpp"
#include "one_run.hpp"
#include "unit/memory_disk.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

/// When each file of `out` was there first, in seconds since the run began.
using appearances = std::map<std::string, std::int64_t>;

/// A record every 1,000 s, into parts of five minutes.
appearances of_slow_records(const std::string& state) {
  memory_disk disk;
  virtual_clock time;
  interrupt wake;
  const time_point start = time.now();
  appearances seen;
  const auto look = [&] {
    for (const std::string& path : disk.paths()) {
      if (!path.starts_with("out/part")) continue;
      seen.try_emplace(path, std::chrono::round<std::chrono::seconds>(time.now() - start).count());
    }
  };
  disk.on_call = look;
  run_options options;
  options.lanes = 1;
  options.state_directory = state;
  plan made = planned("from generate 2 rate=0.001 | json | to out/part.ndjson rotate_every=5m");
  const run_report report = run(made, options, {time, disk, wake, [] { return 1.0; }});
  look();
  EXPECT_EQ(report.exit, exit_code::ok) << report.error;
  EXPECT_EQ(report.total.delivered, 2u);
  return seen;
}

TEST(Parts, end_by_time_while_nothing_comes_in) {
  for (const char* const state : {"", "state"}) {
    SCOPED_TRACE(state);
    EXPECT_THAT(of_slow_records(state), ElementsAre(Pair("out/part-000001.ndjson", 1200),
                                                    Pair("out/part-000002.ndjson", 2000)));
  }
}

}  // namespace
}  // namespace weir::test
