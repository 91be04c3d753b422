#include "weir/batch.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace weir {
namespace {

std::shared_ptr<block_pool> pool() {
  return std::make_shared<block_pool>(std::make_shared<budget>(64 << 20));
}

std::shared_ptr<const shard> file(std::string name) {
  return std::make_shared<shard>(shard{.name = name, .identity = name});
}

/// A batch of `count` records "r1", "r2", ... of one shard, one byte of delimiter after each.
batch numbered(const std::shared_ptr<block_pool>& from, const std::shared_ptr<const shard>& of,
               std::uint64_t first, std::uint64_t count) {
  batch b(from);
  position at{(first - 1) * 10, first - 1};
  b.open_run(of, at);
  for (std::uint64_t n = first; n < first + count; ++n) {
    b.add(b.store().memory.copy("r" + std::to_string(n)), n, at.offset);
    at = {at.offset + 10, n};
    b.advance(at);
  }
  return b;
}

std::vector<std::string> texts(const batch& b) {
  std::vector<std::string> out;
  for (const record& r : b) out.emplace_back(r.text());
  return out;
}

/// The ledger's equation: what the runs cover is what the batch holds and what it settled.
bool balances(const batch& b) {
  std::uint64_t covered = 0;
  std::uint64_t settled = 0;
  for (const run& r : b.runs()) {
    covered += r.to.number - r.from.number + r.created;
    for (const auto& entry : r.settled) settled += entry.second;
  }
  return covered == settled + b.all().size();
}

TEST(Batch, IteratesLiveRecordsOnly) {
  auto b = numbered(pool(), file("f"), 1, 3);
  b.apply({first_rule, "odd"}, [](record& r) { return r.number() == 2 ? drop : keep; });
  EXPECT_EQ(texts(b), (std::vector<std::string>{"r1", "r3"}));
  EXPECT_EQ(b.size(), 2u);
  EXPECT_TRUE(balances(b));
}

TEST(Batch, AbsorbsUpToALimitAndLeavesTheRestWithItsPosition) {
  const auto from = pool();
  const auto of = file("f");
  auto in = numbered(from, of, 1, 5);
  batch held(from);
  EXPECT_FALSE(held.absorb(in, 3, 1000));
  EXPECT_EQ(texts(held), (std::vector<std::string>{"r1", "r2", "r3"}));
  EXPECT_EQ(texts(in), (std::vector<std::string>{"r4", "r5"}));
  EXPECT_EQ(held.runs().back().to, (position{30, 3}));
  EXPECT_EQ(in.runs().front().from, (position{30, 3}));
  EXPECT_TRUE(balances(held));
  EXPECT_TRUE(balances(in));
}

TEST(Batch, AbsorbsAtLeastOneRecordWhateverItsSize) {
  const auto from = pool();
  auto in = numbered(from, file("f"), 1, 2);
  batch held(from);
  EXPECT_FALSE(held.absorb(in, 10, 1));
  EXPECT_EQ(texts(held), (std::vector<std::string>{"r1"}));
}

TEST(Batch, JoinsAdjacentStretchesOfOneShard) {
  const auto from = pool();
  const auto of = file("f");
  auto a = numbered(from, of, 1, 2);
  auto b = numbered(from, of, 3, 2);
  batch held(from);
  EXPECT_TRUE(held.absorb(a, 10, 1000));
  EXPECT_TRUE(held.absorb(b, 10, 1000));
  ASSERT_EQ(held.runs().size(), 1u);
  EXPECT_EQ(held.runs()[0].to, (position{40, 4}));
}

TEST(Batch, KeepsRejectsWithTheStretchThatTheyLieIn) {
  const auto from = pool();
  auto in = numbered(from, file("f"), 1, 4);
  const stage_id stage{first_rule, "check"};
  in.apply(stage, [](record& r) { return r.number() % 2 == 0 ? reject("even") : keep; });
  batch held(from);
  EXPECT_FALSE(held.absorb(in, 1, 1000));
  ASSERT_EQ(held.rejects().size(), 1u);
  EXPECT_EQ(held.rejects()[0].raw, "r2");
  EXPECT_EQ(held.rejects()[0].why, "even");
  ASSERT_EQ(in.rejects().size(), 1u);
  EXPECT_EQ(in.rejects()[0].number, 4u);
}

TEST(Batch, CopiesSparseSurvivorsSoThatTheirBlockCanGo) {
  const auto ceiling = std::make_shared<budget>(64 << 20);
  const auto from = std::make_shared<block_pool>(ceiling);
  batch held(from);
  {
    auto in = numbered(from, file("f"), 1, 10'000);
    in.apply({first_rule, "one"}, [](record& r) { return r.number() == 7 ? keep : drop; });
    EXPECT_TRUE(held.absorb(in, 10, 1000));
  }
  EXPECT_EQ(texts(held), (std::vector<std::string>{"r7"}));
  EXPECT_EQ(held.pinned_bytes(), block_bytes);
  EXPECT_EQ(ceiling->used_bytes(), block_bytes);
}

TEST(Batch, TakesTheRecordsOfABatchWhoseMemoryItKeepsForAnother) {
  const auto from = pool();
  auto in = numbered(from, file("f"), 1, 4);
  batch between(from);
  EXPECT_FALSE(between.absorb(in, 2, 1000));
  batch held(from);
  EXPECT_TRUE(held.absorb(between, 4, 1000));
  EXPECT_TRUE(held.absorb(in, 4, 1000));
  for (record& r : held) r.set("n", value::of(std::int64_t{1}));
  EXPECT_EQ(texts(held).back(), R"({"message":"r4","n":1})");
}

TEST(Batch, ABranchMayChangeWithoutTheOriginalNoticing) {
  auto b = numbered(pool(), file("f"), 1, 2);
  batch copy = b.branch();
  copy.apply({first_rule, "all"}, [](record& r) {
    r.set_text(r.store().memory.copy("changed"), shape::text);
    return r.number() == 1 ? drop : keep;
  });
  EXPECT_EQ(texts(b), (std::vector<std::string>{"r1", "r2"}));
  EXPECT_EQ(texts(copy), (std::vector<std::string>{"changed"}));
}

TEST(Batch, BalancesAfterAnySequenceOfDropsAndAbsorbs) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto from = pool();
    const auto of = file("f");
    std::vector<std::string> got;
    batch outer(from);
    std::uint64_t next = 1;
    for (int step = 0; step < 20; ++step) {
      auto in = numbered(from, of, next, random() % 8);
      next += in.size();
      in.apply({static_cast<fate>(first_rule + random() % 3), "some"},
               [&](record&) { return random() % 3 == 0 ? drop : keep; });
      for (bool done = false; !done;) {
        batch inner(from);
        done = inner.absorb(in, 1 + random() % 4, 1000);
        ASSERT_TRUE(balances(inner)) << seed;
        ASSERT_TRUE(balances(in)) << seed;
        inner.apply({first_rule + 9, "again"},
                    [&](record&) { return random() % 4 == 0 ? drop : keep; });
        while (!outer.absorb(inner, 1 + random() % 3, 1000)) {
          ASSERT_TRUE(balances(outer)) << seed;
          ASSERT_TRUE(balances(inner)) << seed;
          outer.reset(from);
        }
        ASSERT_TRUE(balances(outer)) << seed;
      }
    }
  }
}

}  // namespace
}  // namespace weir
