#include "stage/batch_stage.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "unit/scripted.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::arrival;
using test::scripted;
using test::texts;
using test::virtual_run;

using strings = std::vector<std::string>;

/// Each batch with records, and when it came, in milliseconds.
std::vector<std::pair<int, strings>> batches(std::vector<arrival> script, batch_options options,
                                             virtual_run& run) {
  std::vector<std::pair<int, strings>> out;
  const time_point start = run.time.now();
  stream s = regrouped(scripted(std::move(script), &run.with), options, &run.with);
  while (const batch* b = s.next(pull{})) {
    if (b->empty()) continue;
    const auto came = std::chrono::duration_cast<std::chrono::milliseconds>(run.time.now() - start);
    out.emplace_back(static_cast<int>(came.count()), texts(*b));
  }
  return out;
}

TEST(BatchStage, CutsByCountAcrossArrivals) {
  virtual_run run;
  const auto got =
      batches({{0ms, "a\nb\n"}, {1ms, "c\nd\ne\n"}}, {.records = 3, .timeout = 1s}, run);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0], (std::pair{1, strings{"a", "b", "c"}}));
  EXPECT_EQ(got[1], (std::pair{1, strings{"d", "e"}}));
}

TEST(BatchStage, FlushesExactlyTheTimeoutAfterTheFirstRecord) {
  virtual_run run;
  const auto got = batches({{10ms, "a\n"}, {15ms, "b\n"}, {100ms, "c\n"}},
                           {.records = 1000, .timeout = 20ms}, run);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0], (std::pair{30, strings{"a", "b"}}));
  EXPECT_EQ(got[1], (std::pair{125, strings{"c"}}));
}

TEST(BatchStage, CutsByBytesButNeverHoldsBackASingleRecord) {
  virtual_run run;
  const auto got =
      batches({{0ms, "aaaa\nbbbb\ncccccccccc\nd\n"}}, {.records = 99, .bytes = {8}}, run);
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].second, (strings{"aaaa", "bbbb"}));
  EXPECT_EQ(got[1].second, (strings{"cccccccccc"}));
  EXPECT_EQ(got[2].second, (strings{"d"}));
}

TEST(BatchStage, AnswersADeadlineWithAnEmptyBatchAndKeepsWhatItHolds) {
  virtual_run run;
  stream s = regrouped(scripted({{0ms, "a\n"}, {50ms, "b\n"}}, &run.with),
                       {.records = 10, .timeout = 1s}, &run.with);
  const time_point start = run.time.now();
  const batch* b = s.next(pull{.until = start + 10ms});
  ASSERT_NE(b, nullptr);
  EXPECT_TRUE(b->empty());
  EXPECT_TRUE(b->runs().empty());
  EXPECT_EQ(run.time.now(), start + 10ms);
  b = s.next(pull{});
  EXPECT_EQ(texts(*b), (strings{"a", "b"}));
}

TEST(BatchStage, CountsTheTimeoutFromWhenARecordCameNotFromWhenItWasTaken) {
  virtual_run run;
  stream s = regrouped(scripted({{0ms, "a\nb\nc\n"}, {1h, "d\n"}}, &run.with),
                       {.records = 2, .timeout = 1s}, &run.with);
  EXPECT_EQ(texts(*s.next(pull{})), (strings{"a", "b"}));
  run.time.advance(5s);
  const time_point back = run.time.now();
  EXPECT_EQ(texts(*s.next(pull{})), (strings{"c"}));
  EXPECT_EQ(run.time.now(), back);
}

/// A record, then answers without news, as of a source that is woken again and again.
stream woken_often(const context* with) {
  batch out = test::lines_of("a\n", with->pool);
  co_yield out;
  for (int i = 0; i < 3; ++i) {
    out.reset(with->pool);
    co_yield out;
  }
}

TEST(BatchStage, PassesOnThatItsSourceWasWoken) {
  virtual_run run;
  stream s = regrouped(woken_often(&run.with), {.records = 10, .timeout = 0s}, &run.with);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(s.next(pull{})->empty());
  EXPECT_EQ(texts(*s.next(pull{})), (strings{"a"}));
}

TEST(BatchStage, AnswersWithAWholeBatchAlsoAfterTheLastWasMovedOut) {
  virtual_run run;
  stream s = regrouped(woken_often(&run.with), {.records = 10, .timeout = 0s}, &run.with);
  for (int i = 0; i < 3; ++i) {
    const batch taken = std::move(*s.next(pull{}));
    EXPECT_TRUE(taken.branch().empty());
  }
}

/// Processor time to group so many records that come one at a time.
std::clock_t cost_of_grouping(std::size_t records) {
  virtual_run run;
  const std::clock_t before = std::clock();
  stream s = regrouped(scripted(test::counted(records, 1), &run.with),
                       {.records = records, .timeout = 1h}, &run.with);
  EXPECT_EQ(test::drain_texts(s).size(), records);
  return std::clock() - before;
}

TEST(BatchStage, CostsTheSameForEachRecordHoweverManyItHolds) {
  const std::clock_t few = cost_of_grouping(5'000);
  EXPECT_LT(cost_of_grouping(40'000), 20 * few);
}

TEST(BatchStage, HandsOverItsRemainderOnDrain) {
  virtual_run run;
  stream s = regrouped(scripted({{0ms, "a\n"}, {1h, "b\n"}}, &run.with),
                       {.records = 10, .timeout = 0s}, &run.with);
  const batch* b = s.next(pull{.until = run.time.now()});
  EXPECT_TRUE(b->empty());
  b = s.next(pull{.drain = true});
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(texts(*b), (strings{"a"}));
  EXPECT_EQ(s.next(pull{.drain = true}), nullptr);
}

TEST(BatchStage, ProgressNeverOvertakesAHeldRecord) {
  virtual_run run;
  stream s = regrouped(scripted({{0ms, "a\nb\nc\nd\ne\n"}}, &run.with), {.records = 2}, &run.with);
  std::vector<std::uint64_t> ends;
  while (const batch* b = s.next(pull{})) ends.push_back(b->runs().back().to.number);
  EXPECT_EQ(ends, (std::vector<std::uint64_t>{2, 4, 5}));
}

TEST(BatchStage, PassesProgressOnWhenAFilterKeepsNothing) {
  virtual_run run;
  const stage_id none{first_rule, "none"};
  stream s =
      regrouped(each(
                    scripted({{0ms, "a\nb\n"}}, &run.with), [](record&) { return drop; }, none),
                {.records = 2}, &run.with);
  const batch* b = s.next(pull{});
  ASSERT_NE(b, nullptr);
  EXPECT_TRUE(b->empty());
  ASSERT_EQ(b->runs().size(), 1u);
  EXPECT_EQ(b->runs()[0].to.number, 2u);
  EXPECT_EQ(b->runs()[0].settled[0], (std::pair<fate, std::uint64_t>{first_rule, 2}));
}

TEST(BatchStage, FlushesWhenTheMemoryBudgetIsUsedUp) {
  virtual_run run;
  stream s = regrouped(scripted({{0ms, "a\n"}, {1h, "b\n"}}, &run.with),
                       {.records = 10, .timeout = 0s}, &run.with);
  run.ceiling->take(run.ceiling->limit_bytes());
  EXPECT_EQ(texts(*s.next(pull{})), (strings{"a"}));
  run.ceiling->give_back(run.ceiling->limit_bytes());
}

}  // namespace
}  // namespace weir
