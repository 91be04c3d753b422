#include "engine/state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "unit/memory_disk.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

shard shard_named(const std::string& name) {
  return {.name = name, .identity = "id of " + name};
}

checkpoint at(const std::string& name, position where, const std::string& token) {
  checkpoint c;
  c.shards.push_back({.id = shard_id("id of " + name), .name = name, .at = where});
  c.sinks.push_back({.sink = "out", .token = token});
  c.totals.in = c.totals.delivered = where.number;
  return c;
}

class state_test : public testing::Test {
 protected:
  state open(bool accept_changed = false) {
    return state({.directory = "s", .plan = plan_, .accept_changed_plan = accept_changed}, disk_);
  }
  static void begin(state& s, std::uint64_t base) {
    s.settle_on(base);
    s.begin_run({}, 0);
  }
  /// Logs and commits one entry.
  static void commit(state& to, const checkpoint& c) {
    ASSERT_TRUE(to.append(c));
    ASSERT_TRUE(to.committed());
  }

  /// Behind one that all have.
  void log_a_commit_that_a_sink_did_not_get_to() {
    state s = open();
    begin(s, 0);
    commit(s, at("a", {100, 3}, "first"));
    ASSERT_TRUE(s.append(at("a", {200, 6}, "second")));
  }

  std::string plan_ = "one plan";
  test::memory_disk disk_;
};

TEST_F(state_test, a_new_state_begins_at_the_beginning) {
  state s = open();
  EXPECT_EQ(s.last_entry(), 0u);
  begin(s, 0);
  EXPECT_EQ(s.position_of(shard_named("a")), position{});
  EXPECT_EQ(s.next_point("out").entry, 1u);
  EXPECT_EQ(s.next_point("out").generation, 1u);
}

TEST_F(state_test, a_later_run_goes_on_where_the_last_commit_was) {
  {
    state s = open();
    begin(s, 0);
    commit(s, at("a", {100, 3}, "first"));
    commit(s, at("b", {50, 1}, "second"));
  }
  disk_.crash();
  state s = open();
  const sink_memory memory = s.memory_of("out");
  EXPECT_EQ(memory.last.entry, 2u);
  EXPECT_EQ(memory.last.generation, 2u);
  EXPECT_EQ(memory.token, "second");
  begin(s, 2);
  EXPECT_EQ(s.position_of(shard_named("a")), (position{100, 3}));
  EXPECT_EQ(s.position_of(shard_named("b")), (position{50, 1}));
  EXPECT_EQ(s.earlier_totals().in, 1u);
  EXPECT_EQ(s.next_point("out").entry, 3u);
}

TEST_F(state_test, the_shards_with_a_token_can_be_listed) {
  {
    state s = open();
    begin(s, 0);
    for (const char* name : {"a", "b"}) {
      checkpoint c = at(name, {100, 3}, "first");
      c.shards[0].token = std::string{"token of "} + name;
      commit(s, c);
    }
    commit(s, at("b", {200, 6}, "second"));  // the source needs none any more
    commit(s, at("c", {50, 1}, "third"));
  }
  state s = open();
  begin(s, 4);
  const auto known = s.shards_with_token();
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].name, "a");
  EXPECT_EQ(known[0].at, (position{100, 3}));
  EXPECT_EQ(known[0].token, "token of a");
}

TEST_F(state_test, a_shard_that_was_begun_is_known_whatever_became_of_the_commits_around_it) {
  const auto begun = [](const std::string& name) {
    return begun_shard{name, "id of " + name, {5, 0}, "token of " + name};
  };
  {
    state s = open();
    begin(s, 0);
    ASSERT_TRUE(s.keep(std::array{begun("a"), begun("b")}));
    commit(s, at("a", {100, 3}, "first"));  // and a source that needs no token of it any more
    ASSERT_TRUE(s.append(at("b", {200, 6}, "never committed")));
    ASSERT_TRUE(s.keep(std::array{begun("c")}));
  }
  for (int again = 0; again < 2; ++again) {
    disk_.crash();
    state s = open();
    begin(s, 1);
    EXPECT_EQ(s.position_of(shard_named("a")), (position{100, 3}));
    EXPECT_EQ(s.position_of(shard_named("b")), (position{5, 0}));
    EXPECT_EQ(s.position_of(shard_named("c")), (position{5, 0}));
    EXPECT_EQ(s.token_of(shard_named("c")), "token of c");
    EXPECT_EQ(s.shards_with_token().size(), 2u);
  }
}

TEST_F(state_test, a_plan_is_known_by_what_states_of_before_knew_it_by) {
  {
    const state before = open();
  }
  {
    state s({.directory = "s", .plan = "canonical", .plan_as_spelled = plan_}, disk_);
    begin(s, 0);
  }
  plan_ = "canonical";
  EXPECT_NO_THROW(open());
  plan_ = "another";
  EXPECT_THROW(open(), error);
}

TEST_F(state_test, a_sink_keeps_its_name_when_a_condition_in_it_is_spaced_otherwise) {
  const auto of = [](const char* sink) {
    checkpoint c = at("a", {100, 3}, "a token");
    c.sinks[0].sink = sink;
    return c;
  };
  {
    state s = open();
    begin(s, 0);
    commit(s, of("n>1 and s = 'a b'/out"));
  }
  for (const char* now : {"n > 1 and s='a b'/out", "n >1 and s  =\n'a b'/out"}) {
    state s = open();
    const sink_memory memory = s.memory_of(now);
    EXPECT_EQ(memory.token, "a token");
    EXPECT_EQ(memory.last.sink, "n>1 and s = 'a b'/out");
    EXPECT_EQ(s.memory_of("n>1 and s='ab'/out").token, "");
    begin(s, s.last_entry());
    commit(s, of(now));
    EXPECT_EQ(s.next_point(now).sink, "n>1 and s = 'a b'/out");
  }
}

TEST_F(state_test, a_sink_that_did_not_get_to_the_last_entry_goes_back_to_the_one_before) {
  log_a_commit_that_a_sink_did_not_get_to();
  for (int again = 0; again < 3; ++again) {
    state s = open();
    begin(s, 1);
    EXPECT_EQ(s.position_of(shard_named("a")), (position{100, 3}));
    EXPECT_EQ(s.memory_of("out").token, "first");
    EXPECT_GT(s.next_point("out").entry, 2u);
    ASSERT_TRUE(s.append(at("a", {300, 9}, "not committed either")));
  }
}

TEST_F(state_test, an_entry_that_a_run_went_back_from_is_known_to_all_later_runs) {
  log_a_commit_that_a_sink_did_not_get_to();
  for (int again = 0; again < 3; ++again) {
    state s = open();
    EXPECT_EQ(s.memory_of("out").newest, 2u) << "another sink may have committed it";
    begin(s, 1);
    EXPECT_EQ(s.next_point("out").entry, 3u);
  }
}

TEST_F(state_test, a_sink_is_told_its_notes_until_a_run_has_gone_on_from_them) {
  {
    state s = open();
    begin(s, 0);
    const auto note = s.memory_of("out").note;
    ASSERT_TRUE(note("for the first"));
    commit(s, at("a", {100, 3}, "first"));
    ASSERT_TRUE(note("for \"the second\""));
    ASSERT_TRUE(s.memory_of("other").note("of another sink"));
    ASSERT_TRUE(s.append(at("a", {200, 6}, "second")));
    ASSERT_TRUE(note("behind it"));
  }
  disk_.crash();
  for (int again = 0; again < 2; ++again) {
    state s = open();
    const sink_memory memory = s.memory_of("out");
    EXPECT_EQ(memory.before, 1u);
    EXPECT_EQ(memory.notes, (std::vector<std::string>{"for \"the second\"", "behind it"}));
    if (again == 1) begin(s, 2);
  }
  state s = open();
  const sink_memory memory = s.memory_of("out");
  EXPECT_EQ(memory.before, 2u) << "the last entry counts, whatever happens";
  EXPECT_EQ(memory.notes, std::vector<std::string>{});
}

TEST_F(state_test, a_sink_at_any_other_entry_is_an_error) {
  {
    state s = open();
    begin(s, 0);
    commit(s, at("a", {100, 3}, "first"));
    commit(s, at("a", {200, 6}, "second"));
  }
  state s = open();
  EXPECT_THROW(s.settle_on(3), error);
}

TEST_F(state_test, a_changed_plan_is_refused_unless_it_is_accepted) {
  {
    state s = open();
    begin(s, 0);
  }
  plan_ = "another plan";
  try {
    open();
    FAIL() << "it was taken";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::usage);
  }
  {
    state s = open(true);
    begin(s, 0);
  }
  EXPECT_NO_THROW(open()) << "it has been accepted";
}

TEST_F(state_test, a_long_log_is_written_anew_and_says_the_same) {
  std::uint64_t entries = 0;
  std::uint64_t longest = 0;
  {
    state s = open();
    begin(s, 0);
    for (; entries < 30'000; ++entries) {
      commit(s, at(entries % 2 == 0 ? "a" : "b", {entries, entries}, std::to_string(entries)));
      longest = std::max<std::uint64_t>(longest, disk_.text("s/log").size());
    }
  }
  EXPECT_LT(longest, 5u << 20);
  disk_.crash();
  state s = open();
  EXPECT_EQ(s.last_entry(), entries);
  EXPECT_EQ(s.memory_of("out").token, std::to_string(entries - 1));
  begin(s, entries);
  EXPECT_EQ(s.position_of(shard_named("a")).number, entries - 2);
  EXPECT_EQ(s.position_of(shard_named("b")).number, entries - 1);
}

TEST_F(state_test, many_shards_leave_the_log_but_for_those_with_a_token) {
  constexpr std::uint64_t shards = 60'000;
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t n = 0; n < shards;) {
      checkpoint c = at("first of its commit " + std::to_string(n), {n + 1, n + 1}, "t");
      c.shards.front().token = "page " + std::to_string(n);
      for (const std::uint64_t end = n + 3000; n < end; ++n) {
        c.shards.push_back(at(std::to_string(n), {n + 1, n + 1}, {}).shards.front());
      }
      commit(s, c);
    }
  }
  EXPECT_LT(disk_.text("s/log").size(), 5u << 20);
  disk_.crash();
  state s = open();
  begin(s, s.last_entry());
  for (std::uint64_t n = 0; n < shards; n += 1000) {
    EXPECT_EQ(s.position_of(shard_named(std::to_string(n))), (position{n + 1, n + 1}));
    if (n % 3000 != 0) continue;
    const shard with_token = shard_named("first of its commit " + std::to_string(n));
    EXPECT_EQ(s.position_of(with_token), (position{n + 1, n + 1}));
    EXPECT_EQ(s.token_of(with_token), "page " + std::to_string(n));
  }
  EXPECT_EQ(s.position_of(shard_named("another")), position{});
}

/// A header, and what need not be text.
const std::string common_state = "1\nid,name";
const std::string binary_state{"tag\n\0\xff\"\\", 8};

/// Most shards have one of two states of a parser or none, some one of their own.
std::string state_of(std::uint64_t n) {
  if (n % 100 == 7) return "only of " + std::to_string(n);
  if (n % 3 == 0) return {};
  return n % 3 == 1 ? common_state : binary_state;
}

/// The shards first to last - 1, read so far.
checkpoint moved(std::uint64_t first, std::uint64_t last, std::uint64_t more = 0) {
  checkpoint c = at(std::to_string(first), {}, "t");
  c.shards.clear();
  for (std::uint64_t n = first; n < last; ++n) {
    const position where{n + 1 + more, n + 1 + more, n % 5 == 0};
    c.shards.push_back(at(std::to_string(n), where, {}).shards.front());
    c.shards.back().name.append(300, '.');  // so that few make a long log
    c.shards.back().parser_state = state_of(n + more);
  }
  return c;
}

void expect_moved(const state& s, std::uint64_t first, std::uint64_t last, std::uint64_t more = 0) {
  for (std::uint64_t n = first; n < last; ++n) {
    const shard of = shard_named(std::to_string(n));
    ASSERT_EQ(s.position_of(of), (position{n + 1 + more, n + 1 + more, n % 5 == 0}));
    ASSERT_EQ(s.parser_state_of(of), state_of(n + more)) << n;
  }
}

TEST_F(state_test, states_of_parsers_that_many_shards_share_leave_the_log_with_them) {
  constexpr std::uint64_t shards = 24'000;
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t n = 0; n < shards; n += 3000) commit(s, moved(n, n + 3000));
  }
  EXPECT_NE(disk_.text("s/log").find("\"shards-"), std::string::npos);
  EXPECT_NE(disk_.text("s/log").find("\"version\":3"), std::string::npos);
  EXPECT_LT(disk_.text("s/log").size(), 5u << 20);
  for (int again = 0; again < 2; ++again) {
    disk_.crash();
    state s = open();
    begin(s, s.last_entry());
    expect_moved(s, 0, shards);
    EXPECT_EQ(s.parser_state_of(shard_named("another")), "");
  }
}

TEST_F(state_test, a_shard_of_a_table_that_grew_has_the_position_and_the_state_it_has_now) {
  constexpr std::uint64_t shards = 12'000;
  for (const std::uint64_t more : {0u, 1u, 2u}) {
    state s = open();
    begin(s, s.last_entry());
    if (more > 0) expect_moved(s, 0, shards, more - 1);
    for (std::uint64_t n = 0; n < shards; n += 3000) commit(s, moved(n, n + 3000, more));
  }
  state s = open();
  begin(s, s.last_entry());
  expect_moved(s, 0, shards, 2);
  EXPECT_NE(disk_.text("s/log").find("\"shards-"), std::string::npos);
}

TEST_F(state_test, what_a_table_has_no_room_for_stays_in_the_log) {
  constexpr position far{1, std::uint64_t{1} << 48};
  {
    state s = open();
    begin(s, 0);
    commit(s, at("far", far, "t"));
    for (std::uint64_t n = 0; n < 12'000; n += 3000) commit(s, moved(n, n + 3000));
  }
  EXPECT_NE(disk_.text("s/log").find("\"shards-"), std::string::npos);
  EXPECT_NE(disk_.text("s/log").find("\"far\""), std::string::npos);
  state s = open();
  begin(s, s.last_entry());
  EXPECT_EQ(s.position_of(shard_named("far")), far);
}

TEST_F(state_test, a_log_that_stays_long_is_not_written_anew_with_each_commit) {
  state s = open();
  begin(s, 0);
  std::set<std::string> headers;  // each log that replaces one names the sum of that
  for (std::uint64_t n = 0; n < 12'000; n += 100) {
    checkpoint c = moved(n, n + 100);
    for (shard_progress& each : c.shards) each.parser_state += "only of " + each.name;
    commit(s, c);
    const std::string log = disk_.text("s/log");
    headers.insert(log.substr(0, log.find('\n')));
  }
  EXPECT_GT(disk_.text("s/log").size(), 8u << 20);
  EXPECT_LE(headers.size(), 3u);
}

/// What a weir that knows no such states can read.
TEST_F(state_test, without_a_state_of_a_parser_the_version_is_the_one_of_before_and_goes_on_later) {
  constexpr std::uint64_t shards = 12'000;
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t n = 0; n < shards; n += 3000) {
      checkpoint c = moved(n, n + 3000);
      for (shard_progress& each : c.shards) each.parser_state.clear();
      commit(s, c);
    }
  }
  EXPECT_NE(disk_.text("s/log").find("\"version\":2"), std::string::npos);
  {
    state s = open();
    begin(s, s.last_entry());
    for (std::uint64_t n = shards; n < 2 * shards; n += 3000) commit(s, moved(n, n + 3000));
  }
  EXPECT_NE(disk_.text("s/log").find("\"version\":3"), std::string::npos);
  state s = open();
  begin(s, s.last_entry());
  EXPECT_EQ(s.position_of(shard_named("1")).number, 2u);
  EXPECT_EQ(s.parser_state_of(shard_named("1")), "");
  expect_moved(s, shards, 2 * shards);
}

/// Of the shards first to last - 1, each third one is read to its end.
checkpoint ended(std::uint64_t first, std::uint64_t last) {
  checkpoint c = moved(first, last);
  for (std::uint64_t n = first; n < last; ++n) c.shards[n - first].ended = n % 3 == 0;
  return c;
}

void expect_ended(const state& s, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t n = first; n < last; ++n) {
    const bool broken_at_its_end = n % 5 == 0;
    ASSERT_EQ(s.was_read_whole(shard_named(std::to_string(n))), n % 3 == 0 && !broken_at_its_end)
        << n;
  }
}

TEST_F(state_test, knows_what_was_read_whole_from_the_log_and_from_the_tables) {
  constexpr std::uint64_t shards = 12'000;
  {
    state s = open();
    begin(s, 0);
    commit(s, ended(0, 100));
  }
  disk_.crash();
  {
    state s = open();
    begin(s, s.last_entry());
    expect_ended(s, 0, 100);
    EXPECT_EQ(disk_.text("s/log").find("\"shards-"), std::string::npos);
    for (std::uint64_t n = 0; n < shards; n += 3000) commit(s, ended(n, n + 3000));
  }
  EXPECT_NE(disk_.text("s/log").find("\"version\":4"), std::string::npos);
  for (int again = 0; again < 2; ++again) {
    disk_.crash();
    state s = open();
    begin(s, s.last_entry());
    expect_moved(s, 0, shards);
    expect_ended(s, 0, shards);
    EXPECT_FALSE(s.was_read_whole(shard_named("another")));
  }
}

TEST_F(state_test, a_shard_of_a_table_that_grew_was_not_read_whole) {
  constexpr std::uint64_t shards = 12'000;
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t n = 0; n < shards; n += 3000) commit(s, ended(n, n + 3000));
    commit(s, moved(3, 4, 5));
  }
  state s = open();
  begin(s, s.last_entry());
  EXPECT_FALSE(s.was_read_whole(shard_named("3")));
  EXPECT_TRUE(s.was_read_whole(shard_named("6")));
}

/// Its rows say nothing of ends, and it goes on once there are some.
TEST_F(state_test, tables_of_the_version_before_are_read_and_stay_as_they_are) {
  constexpr std::uint64_t shards = 12'000;
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t n = 0; n < shards; n += 3000) commit(s, moved(n, n + 3000));
  }
  EXPECT_NE(disk_.text("s/log").find("\"version\":3"), std::string::npos);
  {
    state s = open();
    begin(s, s.last_entry());
    EXPECT_FALSE(s.was_read_whole(shard_named("3")));
    for (std::uint64_t n = shards; n < 2 * shards; n += 3000) commit(s, ended(n, n + 3000));
  }
  state s = open();
  begin(s, s.last_entry());
  expect_moved(s, 0, 2 * shards);
  EXPECT_FALSE(s.was_read_whole(shard_named("3")));
  expect_ended(s, shards, 2 * shards);
}

TEST_F(state_test, a_number_that_the_header_gives_to_nothing_is_an_error) {
  {
    const shard_tables none(disk_, "s", {});
    disk_.put("s/log", {});
    const auto tables = none.add({{.key = key_of("id of a"), .at = {1, 1}, .parser_state = 2}}, {});
    ASSERT_TRUE(tables);
    checkpoint_log log(disk_, "s");
    ASSERT_TRUE(log.append(to_json(log_header{.version = log_header::version_with_parser_states,
                                              .pipeline = "p",
                                              .plan = plan_,
                                              .after = {},
                                              .tables = *tables,
                                              .parser_states = {"one"}})));
  }
  state s = open();
  begin(s, 0);
  EXPECT_EQ(s.position_of(shard_named("a")), (position{1, 1}));
  EXPECT_THROW(static_cast<void>(s.parser_state_of(shard_named("a"))), error);
}

TEST_F(state_test, an_entry_that_found_no_room_leaves_nothing_behind_and_can_be_tried_again) {
  state s = open();
  begin(s, 0);
  const std::string before = disk_.text("s/log");
  disk_.capacity_bytes = before.size() + 80;
  const delivery done = s.append(at("a", {1, 1}, "t"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, delivery_error::kind::refused);
  EXPECT_EQ(disk_.text("s/log"), before);
  disk_.capacity_bytes = UINT64_MAX;
  EXPECT_TRUE(s.append(at("a", {1, 1}, "t")));
}

TEST_F(state_test, after_a_failed_sync_the_log_is_left_alone) {
  state s = open();
  begin(s, 0);
  disk_.sync_error = EIO;
  EXPECT_FALSE(s.append(at("a", {1, 1}, "t")));
  disk_.sync_error = 0;
  const int syncs = disk_.syncs;
  EXPECT_FALSE(s.append(at("a", {1, 1}, "t")));
  EXPECT_EQ(disk_.syncs, syncs);
}

TEST_F(state_test, a_flipped_bit_of_any_byte_of_the_log_is_survived_or_reported) {
  {
    state s = open();
    begin(s, 0);
    for (std::uint64_t i = 1; i < 4; ++i) commit(s, at("a", {i * 100, i}, std::to_string(i)));
  }
  const std::string whole = disk_.text("s/log");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    disk_.put("s/log", broken);
    try {
      state s = open();
      begin(s, s.last_entry());
      // Whatever is believed is an entry that was written.
      EXPECT_EQ(s.position_of(shard_named("a")).number, s.earlier_totals().in) << at;
      EXPECT_EQ(s.position_of(shard_named("a")).offset, s.earlier_totals().in * 100) << at;
    } catch (const error& e) {
      EXPECT_FALSE(std::string{e.what()}.empty());
    }
  }
}

TEST_F(state_test, a_flipped_bit_of_any_byte_of_a_log_with_tables_is_survived_or_reported) {
  {
    state s = open();
    begin(s, 0);
    checkpoint c = moved(0, 1500);
    std::erase_if(c.shards,
                  [](const shard_progress& each) { return each.parser_state.starts_with("only"); });
    for (shard_progress& each : c.shards) each.name += std::string(4000, 'x');
    commit(s, c);
    commit(s, at("a", {100, 1}, "last"));
  }
  const std::string whole = disk_.text("s/log");
  ASSERT_NE(whole.find("\"parser_states\""), std::string::npos);
  ASSERT_LT(whole.size(), 3000u);
  int survived = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    disk_.put("s/log", broken);
    try {
      state s = open();
      begin(s, s.last_entry());
      expect_moved(s, 1498, 1500);
      ++survived;
    } catch (const error& e) {
      EXPECT_FALSE(std::string{e.what()}.empty());
    }
  }
  EXPECT_GT(survived, 0) << "the last line may be lost";
}

}  // namespace
}  // namespace weir
