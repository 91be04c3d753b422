// Row 5 of the fault matrix: a disk that is full makes the run wait, and nothing is lost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "one_run.hpp"
#include "unit/memory_disk.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Virtual time in which something happens at a moment.
class eventful_clock final : public clock {
 public:
  void at(std::chrono::nanoseconds after, std::function<void()> event) {
    due_ = now() + after;
    event_ = std::move(event);
  }
  time_point now() const override { return virtual_.now(); }
  std::int64_t wall_ns() const override { return virtual_.wall_ns(); }
  woken wait_readable(int fd, interrupt& wake, time_point until) override {
    const woken why = virtual_.wait_readable(fd, wake, std::min(until, due_));
    if (now() >= due_) {
      due_ = never;
      event_();
    }
    return why;
  }
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            time_point until) override {
    return virtual_.wait(lock, changed, until);
  }

 private:
  virtual_clock virtual_;
  time_point due_ = never;
  std::function<void()> event_;
};

/// Good and broken lines, to a file and a dead letter, on a disk in memory.
struct full_disk {
  std::string pipeline = "from in.ndjson | json | to out.ndjson";

  memory_disk disk;
  eventful_clock time;
  interrupt wake;
  std::vector<std::string> said;
  run_options options;

  explicit full_disk(const std::string& state_directory = {}) {
    options.state_directory = state_directory;
    options.lanes = 1;
    options.on_notice = [this](const std::string& what) { said.push_back(what); };
    std::string lines;
    for (int i = 0; i < 20; ++i)
      lines += i % 4 == 0 ? "broken\n" : "{\"n\":" + std::to_string(i) + "}\n";
    disk.put("in.ndjson", lines);
  }

  run_report go() {
    plan made = planned(pipeline);
    return run(made, options, {time, disk, wake, [] { return 1.0; }});
  }
  std::uint64_t used_bytes() const {
    std::uint64_t sum = 0;
    for (const std::string& path : disk.paths()) sum += disk.text(path).size();
    return sum;
  }
  void fill_up_for(std::chrono::nanoseconds so_long, std::uint64_t capacity_bytes) {
    disk.capacity_bytes = capacity_bytes;
    time.at(so_long, [this] { disk.capacity_bytes = UINT64_MAX; });
  }
};

TEST(FullDisk, makes_the_run_wait_and_go_on_by_itself) {
  full_disk on;
  on.fill_up_for(40s, on.used_bytes() + 50);
  const run_report report = on.go();
  EXPECT_EQ(report.exit, exit_code::rejected) << report.error;
  EXPECT_EQ(report.total.delivered, 15u);
  EXPECT_EQ(std::ranges::count(on.disk.text("out.ndjson"), '\n'), 15);
  EXPECT_THAT(on.said, ElementsAre("waiting: out.ndjson: no space left on device; nothing is read "
                                   "meanwhile, tried again for 1m",
                                   StartsWith("going on after 51s: ")));
}

TEST(FullDisk, ends_the_run_when_nothing_remembers_it_and_there_is_no_room_for_a_minute) {
  full_disk on;
  on.fill_up_for(2h, on.used_bytes() + 50);
  const run_report report = on.go();
  EXPECT_EQ(report.exit, exit_code::io);
  EXPECT_THAT(report.error, HasSubstr("out.ndjson: no space left on device; gave up after 1m"));
  EXPECT_EQ(on.disk.text("out.ndjson"), "");
}

TEST(FullDisk, counts_what_was_committed_when_the_run_gives_up) {
  full_disk on("state");
  on.options.give_up_after = 1s;
  std::string lines;
  for (int i = 0; i < 600'000; ++i) lines += "{\"n\":" + std::to_string(i) + "}\n";
  on.disk.put("in.ndjson", lines);
  on.fill_up_for(2h, on.used_bytes() + lines.size() / 2);
  const run_report first = on.go();
  EXPECT_EQ(first.exit, exit_code::io);
  expect_accounted(first);
  EXPECT_GT(first.total.delivered, 0u);
  on.disk.capacity_bytes = UINT64_MAX;
  const run_report second = on.go();
  EXPECT_EQ(second.exit, exit_code::ok) << second.error;
  EXPECT_EQ(first.total.delivered + second.total.delivered, 600'000u);
}

TEST(FullDisk, counts_nothing_of_an_output_that_nobody_can_read) {
  for (const char* const to : {"out.ndjson.gz", "out.ndjson.zst", "{part}.ndjson"}) {
    full_disk on;
    on.options.give_up_after = 1s;
    std::string lines;
    for (std::uint64_t i = 0; i < 300'000; ++i)
      lines += "{\"n\":" + std::to_string(i * 7919) + "}\n";
    on.disk.put("in.ndjson", lines);
    on.fill_up_for(2h, on.used_bytes() + 100'000);
    plan made = planned(std::string{"from in.ndjson | json | to "} + to);
    const run_report report =
        run(made, on.options, {on.time, on.disk, on.wake, [] { return 1.0; }});
    EXPECT_EQ(report.exit, exit_code::io) << to;
    EXPECT_EQ(report.total.in, 0u) << to;
    EXPECT_EQ(report.total.delivered, 0u) << to;
  }
}

TEST(FullDisk, under_one_branch_leaves_delivered_what_the_other_has) {
  full_disk on;
  on.options.give_up_after = 1s;
  on.fill_up_for(2h, on.used_bytes() + 50);
  plan made = planned("from in.ndjson | json | tee (where n < 3 | to few.ndjson) (to out.ndjson)");
  const run_report report = run(made, on.options, {on.time, on.disk, on.wake, [] { return 1.0; }});
  EXPECT_EQ(report.exit, exit_code::io);
  EXPECT_EQ(report.total.delivered, 2u);
  EXPECT_EQ(report.total.in, report.total.delivered + report.total.rejected);
}

/// However much fits: the file, the dead letter or the checkpoint log is what does not.
TEST(FullDisk, leaves_behind_exactly_what_a_roomy_disk_would) {
  full_disk roomy("state");
  const std::uint64_t before_bytes = roomy.used_bytes();
  ASSERT_EQ(roomy.go().exit, exit_code::rejected);
  const std::uint64_t written_bytes = roomy.used_bytes() - before_bytes;
  std::set<std::string> waited_for;
  for (std::uint64_t missing = 1; missing < written_bytes; missing += 13) {
    full_disk tight("state");
    // What cannot even be opened ends the run at once: that much fits.
    tight.fill_up_for(30h, before_bytes + written_bytes - missing);
    const run_report report = tight.go();
    if (report.exit == exit_code::io && tight.said.empty()) break;
    SCOPED_TRACE(std::to_string(missing) + " bytes too few");
    EXPECT_EQ(report.exit, exit_code::rejected) << report.error;
    EXPECT_EQ(tight.disk.text("out.ndjson"), roomy.disk.text("out.ndjson"));
    EXPECT_EQ(tight.disk.text("state/dead.ndjson"), roomy.disk.text("state/dead.ndjson"));
    ASSERT_EQ(tight.said.size(), 2u);
    waited_for.insert(tight.said.back().substr(tight.said.back().find(": ") + 2));
  }
  EXPECT_THAT(waited_for, ElementsAre("out.ndjson", "the checkpoint log", "the dead letter"));
}

/// The lines of all files called out*, of which compressed ones are read by weir.
std::string lines_of_outputs(full_disk& of) {
  std::string lines;
  for (const std::string& path : of.disk.paths()) {
    if (path.starts_with("out") && !path.ends_with(".gz")) lines += of.disk.text(path);
  }
  if (!of.disk.has("out.ndjson.gz")) return lines;
  full_disk reading;
  reading.disk = of.disk;
  reading.disk.capacity_bytes = UINT64_MAX;
  reading.pipeline = "from out.ndjson.gz | json | to unpacked.ndjson";
  EXPECT_EQ(reading.go().exit, exit_code::ok);
  return reading.disk.text("unpacked.ndjson");
}

TEST(FullDisk, is_waited_for_under_compressed_and_rotated_files) {
  for (const char* const sink :
       {"out.ndjson.gz", "out.ndjson rotate_bytes=40", "\"out-{n}.ndjson\" open_files=2"}) {
    std::string complete;
    for (const std::uint64_t room_bytes : {100'000u, 0u, 1u, 20u, 39u, 60u, 100u, 130u}) {
      SCOPED_TRACE(std::string{sink} + " with room for " + std::to_string(room_bytes));
      full_disk tight;
      tight.pipeline = "from in.ndjson | json | to " + std::string{sink};
      tight.fill_up_for(40s, tight.used_bytes() + room_bytes);
      const run_report report = tight.go();
      EXPECT_EQ(report.exit, exit_code::rejected) << report.error;
      EXPECT_EQ(report.total.delivered, 15u);
      const std::string lines = lines_of_outputs(tight);
      if (complete.empty()) complete = lines;
      EXPECT_EQ(lines, complete);
      EXPECT_EQ(std::ranges::count(lines, '\n'), 15);
    }
  }
}

TEST(FullDisk, lets_a_signal_end_the_run_within_the_grace) {
  full_disk on("state");
  on.disk.capacity_bytes = 1000;
  on.time.at(1h, [&on] { on.wake.stop(); });
  const time_point start = on.time.now();
  const run_report report = on.go();
  EXPECT_EQ(report.exit, exit_code::interrupted);
  EXPECT_THAT(report.error, StartsWith("draining took longer than 10 s: "));
  EXPECT_EQ(on.time.now() - start, 1h + 10s);
}

}  // namespace
}  // namespace weir::test
