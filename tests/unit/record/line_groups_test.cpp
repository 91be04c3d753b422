#include "record/line_groups.hpp"

#include <gtest/gtest.h>

#include "unit/scripted.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::arrival;
using test::scripted;
using test::texts;
using test::virtual_run;

using strings = std::vector<std::string>;

/// Lines that begin with a blank belong to the one before.
class indented final : public line_rule {
 public:
  place next(const record& line) override {
    const bool joins = std::exchange(open_, true) && line.text().starts_with(' ');
    return {.joins = joins, .open = true};
  }
  void reset() override { open_ = false; }

 private:
  bool open_ = false;
};

std::unique_ptr<line_rule> indented_rule(const run&) {
  return std::make_unique<indented>();
}

const stage_id stage{first_rule, "grouped"};

/// Each batch with records, and when it came, in milliseconds.
std::vector<std::pair<int, strings>> batches(std::vector<arrival> script, group_limits limits,
                                             virtual_run& run,
                                             line_groups::make_rule rule = indented_rule) {
  std::vector<std::pair<int, strings>> out;
  const time_point start = run.time.now();
  stream s =
      grouped(scripted(std::move(script), &run.with), std::move(rule), limits, &stage, &run.with);
  while (const batch* b = s.next(pull{})) {
    if (b->empty()) continue;
    const auto came = std::chrono::duration_cast<std::chrono::milliseconds>(run.time.now() - start);
    out.emplace_back(static_cast<int>(came.count()), texts(*b));
  }
  return out;
}

TEST(LineGroups, JoinLinesAcrossBatches) {
  virtual_run run;
  const auto got = batches({{0ms, "a\n b\nc\n"}, {1ms, " d\n"}, {1ms, " e\nf\n"}}, {}, run);
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0], (std::pair{0, strings{"a\n b"}}));
  EXPECT_EQ(got[1], (std::pair{2, strings{"c\n d\n e"}}));
  EXPECT_EQ(got[2], (std::pair{2, strings{"f"}}));
}

/// A bracket opens a record and another one closes it, which then has two lines or is none.
class pair_of_brackets final : public line_rule {
 public:
  place next(const record& line) override {
    const bool joins = open_;
    open_ = joins ? line.text() != ")" : line.text() == "(";
    return {.joins = joins, .open = open_};
  }
  void reset() override { open_ = false; }
  bool belong(std::span<const record> lines) const override {
    return lines.size() == 2 && lines.back().text() == ")";
  }

 private:
  bool open_ = false;
};

TEST(LineGroups, LinesThatAreNoRecordAfterAllStandAlone) {
  const auto all = [](std::vector<arrival> script, group_limits limits = {}) {
    virtual_run run;
    strings out;
    for (const auto& [ms, texts] : batches(std::move(script), limits, run, [](const auto&) {
           return std::make_unique<pair_of_brackets>();
         })) {
      out.insert(out.end(), texts.begin(), texts.end());
    }
    return out;
  };
  EXPECT_EQ(all({{0ms, "a\n(\nb\n(\n)\nc\n"}}), (strings{"a", "(", "b", "(\n)", "c"}));
  EXPECT_EQ(all({{0ms, "(\n"}, {1ms, "(\n)\n("}}), (strings{"(", "(\n)", "("}));
  EXPECT_EQ(all({{0ms, "(\na\n(\nb\n"}}), (strings{"(", "a", "(", "b"})) << "at the end";
  EXPECT_EQ(all({{0ms, "(\na\nb\nc\n(\n)\n"}}, {.lines = 3}), (strings{"(", "a", "b", "c", "(\n)"}))
      << "at a limit";
  EXPECT_EQ(all({{0ms, "(\na\n"}, {5ms, "(\n)\n"}}, {.timeout = 2ms}), (strings{"(", "a", "(\n)"}))
      << "when it has waited long enough";
}

TEST(LineGroups, BeginOnceTheirRuleIsKnown) {
  virtual_run run;
  const auto late = [asked = 0](const auto& first) mutable {
    return ++asked < 2 ? nullptr : indented_rule(first);
  };
  const auto got = batches({{0ms, "# header\n"}, {1ms, "a\n b\n"}}, {}, run, late);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].second, strings{"# header"});
  EXPECT_EQ(got[1].second, strings{"a\n b"});
}

TEST(LineGroups, GoOnExactlyAfterTheTimeoutOfTheirFirstLine) {
  virtual_run run;
  const auto got =
      batches({{10ms, "a\n"}, {15ms, " b\n"}, {100ms, " c\n"}}, {.timeout = 20ms}, run);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0], (std::pair{30, strings{"a\n b"}}));
  EXPECT_EQ(got[1].second, (strings{" c"}));
}

TEST(LineGroups, EndAtALimitOrAreRejectedThere) {
  virtual_run run;
  EXPECT_EQ(batches({{0ms, "a\n b\n c\nd\n"}}, {.lines = 2}, run)[0].second,
            (strings{"a\n b", " c"}));
  EXPECT_EQ(batches({{0ms, "a\n b\n c\nd\n"}}, {.bytes = 5}, run)[0].second,
            (strings{"a\n b", " c"}));
  EXPECT_EQ(batches({{0ms, "a\n b\n c\nd\n"}}, {.lines = 2, .rejects = true}, run)[0].second,
            (strings{" c"}));
}

/// What comes of lines whose input a stop ends, when nobody asked for a drain.
std::vector<std::pair<int, strings>> stopped(group_limits limits, bool with_state) {
  virtual_run run;
  if (with_state) run.with.parser_state = [](const shard&) { return std::string{}; };
  run.wake.stop();
  return batches({{0ms, "a\n b\n"}}, limits, run);
}

TEST(LineGroups, StayUnreadWhenAStopCutsThemOffAndTheyAreReadAgain) {
  EXPECT_EQ(stopped({}, false).size(), 1u);
  EXPECT_EQ(stopped({}, true).size(), 0u);
  EXPECT_EQ(stopped({.leaves_cut_records = true}, false).size(), 0u);
}

TEST(LineGroups, HoldThePositionOfTheirFirstLine) {
  virtual_run run;
  stream s = grouped(scripted({{0ms, "a\nb\n c\n"}, {1ms, "d\n"}}, &run.with), indented_rule, {},
                     &stage, &run.with);
  const batch* b = s.next(pull{});
  EXPECT_EQ(texts(*b), (strings{"a"}));
  EXPECT_EQ(b->runs().back().to, (position{2, 1}));
  b = s.next(pull{});
  EXPECT_EQ(texts(*b), (strings{"b\n c"}));
  EXPECT_EQ(b->runs().back().to, (position{7, 3}));
  EXPECT_EQ(b->begin()->number(), 2u);
}

TEST(LineGroups, AreOfOneShardHoweverTheirBatchesMix) {
  virtual_run run;
  const auto other = std::make_shared<shard>(shard{.name = "other", .identity = "other"});
  const auto pool = run.with.pool;
  line_groups groups(indented_rule, {}, stage, pool);
  const auto put = [&](std::string_view text, position from, std::shared_ptr<const shard> of) {
    batch b = test::lines_of(text, pool, std::move(of), from);
    groups.take(b, run.time.now());
  };
  const auto first = std::make_shared<shard>(shard{.name = "first", .identity = "first"});
  put("a\n", {}, first);
  put("x\n", {}, other);
  put(" b\nc\n", {2, 1}, first);
  put(" y\n", {2, 1}, other);
  groups.end_due(never);
  strings all;
  while (groups.is_ready()) {
    const batch b = groups.take_ready();
    for (const record& r : b) all.emplace_back(r.text());
  }
  EXPECT_EQ(all, (strings{"a\n b", "c", "x\n y"}));
}

TEST(LineGroups, LetGoOfMemoryThatOnlyAFewHeldLinesUse) {
  virtual_run run;
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "a line of some length " + std::to_string(i) + "\n";
  std::vector<arrival> script(50, {1ms, many});
  stream s = grouped(scripted(std::move(script), &run.with), indented_rule, {}, &stage, &run.with);
  std::size_t peak = 0;
  while (s.next(pull{})) peak = std::max(peak, run.ceiling->used_bytes());
  EXPECT_LT(peak, 8u * block_bytes);
}

}  // namespace
}  // namespace weir
