#include "engine/log_repair.hpp"

#include <gtest/gtest.h>

#include "engine/log_lines.hpp"
#include "engine/state.hpp"
#include "unit/memory_disk.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::uint64_t commits = 3;

const shard source{.name = "a.log", .identity = "id of a.log"};

state open(test::memory_disk& disk) {
  return state({.directory = "s", .plan = "one plan"}, disk);
}

checkpoint commit_at(std::uint64_t number) {
  checkpoint c;
  c.shards.push_back(
      {.id = shard_id(source.identity), .name = source.name, .at = {number * 100, number}});
  c.sinks.push_back({.sink = "out", .token = std::to_string(number)});
  return c;
}

/// The log of a run with some commits.
std::string log_of_a_run() {
  test::memory_disk disk;
  state s = open(disk);
  s.settle_on(0);
  s.begin_run({}, 0);
  for (std::uint64_t n = 1; n <= commits; ++n) {
    EXPECT_TRUE(s.append(commit_at(n)));
    EXPECT_TRUE(s.committed());
  }
  return disk.text("s/log");
}

/// The last commit, after making sure that its position and token belong to it.
std::uint64_t reached(test::memory_disk& disk) {
  state s = open(disk);
  const std::uint64_t entry = s.last_entry();
  EXPECT_EQ(s.memory_of("out").token, entry == 0 ? "" : std::to_string(entry));
  s.settle_on(entry);
  EXPECT_EQ(s.position_of(source), (position{entry * 100, entry}));
  return entry;
}

bool opens(test::memory_disk& disk) try {
  open(disk);
  return true;
} catch (const error& e) {
  EXPECT_EQ(e.code(), exit_code::io);
  return false;
}

bool repairs(test::memory_disk& disk) try {
  return repair_log(disk, "s").has_value();
} catch (const error& e) {
  EXPECT_EQ(e.code(), exit_code::io);
  return false;
}

/// Any damage is reported, or costs no more than what a torn write could be: the last line, or the
/// last two if the break between them is gone. What repairing leaves is true.
void expect_not_believed(const std::string& broken, bool header_is_whole) {
  test::memory_disk disk;
  disk.put("s/log", broken);
  const log_inspection seen = inspect_log(disk, "s");
  if (opens(disk)) {
    EXPECT_FALSE(seen.damaged());
    EXPECT_GE(reached(disk), commits - 2);
    return;
  }
  EXPECT_TRUE(seen.damaged());
  ASSERT_EQ(repairs(disk), header_is_whole);
  if (!header_is_whole) {
    EXPECT_EQ(disk.text("s/log"), broken);
    return;
  }
  EXPECT_EQ(disk.text("s/log.damaged-1"), broken);
  EXPECT_EQ(reached(disk), seen.reached.entry);
}

TEST(log_repair, every_flipped_byte_is_survived_or_reported_and_repaired) {
  const std::string log = log_of_a_run();
  const std::size_t header_bytes = log.find('\n') + 1;
  for (std::size_t at = 0; at < log.size(); ++at) {
    for (const char flipped : {static_cast<char>(log[at] ^ (1 << at % 8)), '\n'}) {
      if (flipped == log[at]) continue;
      SCOPED_TRACE(at);
      std::string broken = log;
      broken[at] = flipped;
      expect_not_believed(broken, at >= header_bytes);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(log_repair, a_log_in_order_and_one_cut_off_are_left_alone) {
  const std::string log = log_of_a_run();
  for (const std::size_t size : {log.size(), log.size() - 5}) {
    test::memory_disk disk;
    disk.put("s/log", log.substr(0, size));
    EXPECT_FALSE(repair_log(disk, "s"));
    EXPECT_EQ(disk.text("s/log"), log.substr(0, size));
  }
}

TEST(log_repair, a_crash_in_the_middle_leaves_the_damaged_or_the_repaired_log) {
  std::string broken = log_of_a_run();
  broken[broken.find("\"token\":\"2\"")] = 'x';
  test::memory_disk disk;
  disk.put("s/log", broken);
  disk.capacity_bytes = broken.size() + 100;
  EXPECT_FALSE(repairs(disk));
  disk.crash();
  EXPECT_EQ(disk.text("s/log"), broken);
  disk.capacity_bytes = UINT64_MAX;
  EXPECT_TRUE(repairs(disk));
  disk.crash();
  EXPECT_EQ(reached(disk), 1u);
}

TEST(log_repair, a_log_that_lost_the_only_commit_it_had_is_no_new_beginning) {
  std::string log;
  std::string sum;
  for (const std::string& payload :
       {to_json(log_header{.pipeline = "p", .plan = "one plan", .after = {}}),
        to_json(log_run{.generation = 4, .base = 9, .plan = "one plan", .dead_letter = {}})}) {
    sum = sum_of(sum, payload);
    log += sum + ' ' + payload + '\n';
  }
  test::memory_disk disk;
  disk.put("s/log", log + "a commit that is no more");
  EXPECT_TRUE(inspect_log(disk, "s").damaged());
  EXPECT_FALSE(opens(disk));
  EXPECT_FALSE(repairs(disk));
}

TEST(log_inspection, shows_entries_positions_tokens_and_damage) {
  std::string broken = log_of_a_run();
  const std::size_t second = broken.find("{\"entry\":2");
  const std::size_t line = broken.rfind('\n', second) + 1;
  broken[second + 1] = 'x';
  const log_inspection seen = inspect_log_bytes("s/log", broken);
  EXPECT_EQ(seen.good_bytes, line);
  EXPECT_EQ(seen.lines_behind, 1u);
  const std::string text = inspection_text(seen);
  EXPECT_NE(text.find("commit 1  1 shards moved"), std::string::npos) << text;
  EXPECT_NE(text.find("read      a.log: 1 records, 100 bytes"), std::string::npos) << text;
  EXPECT_NE(text.find("sink      out: token 1"), std::string::npos) << text;
  EXPECT_NE(text.find("damaged: "), std::string::npos) << text;
}

}  // namespace
}  // namespace weir
