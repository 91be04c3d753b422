#include "source/generate.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <set>

#include "unit/contract.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::surroundings;

test::make_source generating(generate_options o) {
  return [o] { return std::make_unique<generate_source>(o); };
}

TEST(Generate, KeepsTheSourceContract) {
  test::keeps_the_source_contract(generating({.count = 12'345, .malformed = 0.01}));
  test::keeps_the_source_contract(generating({.count = {}, .rate = 5000}), 2'000);
}

TEST(Generate, MakesExactlyAsManyRecordsAsAsked) {
  for (const std::uint64_t count : {0u, 1u, 999u, 1000u, 1001u})
    EXPECT_EQ(test::read_all(generating({.count = count})).size(), count);
}

TEST(Generate, GivesTheSameRecordsForTheSameSeedAndOthersForAnother) {
  const auto first = test::read_all(generating({.count = 500}));
  EXPECT_EQ(first, test::read_all(generating({.count = 500, .rate = 100})));
  EXPECT_NE(test::texts(first), test::texts(test::read_all(generating({.count = 500, .seed = 2}))));
}

TEST(Generate, MakesGatewayLinesOfTwelveFieldsThatAreJson) {
  const auto records = test::read_all(generating({.count = 20'000}));
  simdjson::dom::parser parser;
  std::map<std::string, int, std::less<>> levels;
  std::size_t bytes = 0;
  std::string time;
  for (const auto& r : records) {
    const simdjson::dom::object o = parser.parse(r.raw).get_object();
    ASSERT_EQ(o.size(), 12u);
    ++levels[std::string{o["level"].get_string().value()}];
    const std::string now{o["time"].get_string().value()};
    EXPECT_LE(time, now);
    time = now;
    bytes += r.raw.size() + 1;
  }
  EXPECT_NEAR(levels["INFO"], 14'000, 300);
  EXPECT_NEAR(levels["DEBUG"], 4'000, 250);
  EXPECT_NEAR(levels["WARN"], 1'400, 150);
  EXPECT_NEAR(levels["ERROR"], 600, 100);
  EXPECT_NEAR(static_cast<double>(bytes) / 20'000, 240, 12);
  EXPECT_EQ(time, "2026-01-01T00:00:39.998Z");
}

TEST(Generate, SpoilsTheShareOfLinesThatWasAskedFor) {
  const auto records = test::read_all(generating({.count = 50'000, .malformed = 0.02}));
  simdjson::dom::parser parser;
  int bad = 0;
  for (const auto& r : records) bad += parser.parse(r.raw).error() != simdjson::SUCCESS;
  EXPECT_NEAR(bad, 1000, 120);
}

TEST(Generate, KeepsItsRateExactlyInVirtualTime) {
  for (const double rate : {1.0, 3.0, 999.0, 250'000.0}) {
    surroundings in;
    generate_source from({.count = {}, .rate = rate});
    auto records = from.open(in.with, {});
    const auto start = in.time.now();
    std::uint64_t made = 0;
    while (in.time.now() < start + 10s) {
      made += records.next({.until = start + 10s, .drain = false})->size();
    }
    EXPECT_EQ(made, static_cast<std::uint64_t>(rate * 10)) << rate;
  }
}

TEST(Generate, AnswersWithAnEmptyBatchWhenNothingIsDue) {
  surroundings in;
  generate_source from({.count = {}, .rate = 1});
  auto records = from.open(in.with, {});
  const auto start = in.time.now();
  EXPECT_EQ(records.next({.until = start + 999ms, .drain = false})->size(), 0u);
  EXPECT_EQ(in.time.now(), start + 999ms);
  EXPECT_EQ(records.next({.until = start + 1001ms, .drain = false})->size(), 1u);
}

TEST(Generate, EndsOnDrainThoughItHasNoEnd) {
  surroundings in;
  generate_source from({});
  auto records = from.open(in.with, {});
  EXPECT_EQ(records.next({})->size(), 1000u);
  EXPECT_EQ(records.next({.until = never, .drain = true}), nullptr);
}

TEST(Generate, PausesWhileTheMemoryBudgetIsUsedUp) {
  surroundings in;
  generate_source from({});
  auto records = from.open(in.with, {});
  in.ceiling->take(in.ceiling->limit_bytes());
  const auto start = in.time.now();
  EXPECT_EQ(records.next({})->size(), 0u);
  EXPECT_EQ(in.time.now(), start) << "the first answer comes at once, so that downstream may flush";
  EXPECT_EQ(records.next({})->size(), 0u);
  EXPECT_GT(in.time.now(), start);
  in.ceiling->give_back(in.ceiling->limit_bytes());
  EXPECT_EQ(records.next({})->size(), 1000u);
}

TEST(Generate, KnowsHowManyRecordsToExpect) {
  surroundings in;
  EXPECT_EQ(generate_source({.count = 7}).look(in.with).records, 7u);
  EXPECT_TRUE(generate_source({}).look(in.with).endless);
}

}  // namespace
}  // namespace weir
