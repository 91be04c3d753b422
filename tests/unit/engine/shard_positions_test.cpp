#include "engine/shard_positions.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "unit/lines.hpp"

namespace weir {
namespace {

using text_state = std::shared_ptr<const std::string>;

std::shared_ptr<const shard> shard_named(const std::string& name) {
  return std::make_shared<const shard>(shard{.name = name, .identity = "id of " + name});
}

class shard_positions_test : public testing::Test {
 protected:
  /// The path is through with a stretch of `of`.
  void pass(const std::shared_ptr<const shard>& of, position from, position to,
            text_state state = nullptr) {
    batch b(pool_);
    b.open_run(of, from, std::move(state));
    b.advance(to);
    moved_.note(b);
  }

  /// It ends there.
  void end(const std::shared_ptr<const shard>& of, position from, position to) {
    batch b(pool_);
    b.open_run(of, from);
    b.advance(to);
    b.end_shard();
    moved_.note(b);
  }

  const std::shared_ptr<block_pool> pool_ = test::new_pool();
  shard_positions moved_;
};

TEST_F(shard_positions_test, tells_how_far_each_shard_came_in_the_order_in_which_they_moved) {
  const auto a = shard_named("a");
  const auto b = shard_named("b");
  pass(b, {10, 1}, {20, 2});
  pass(a, {}, {5, 1});
  pass(b, {20, 2}, {30, 3});
  pass(a, {5, 1}, {5, 1});
  EXPECT_EQ(moved_.places(), (std::vector<shard_place>{{b, {30, 3}}, {a, {5, 1}}}));
}

TEST_F(shard_positions_test, are_the_same_in_whatever_order_the_shards_moved) {
  const auto a = shard_named("a");
  const auto b = shard_named("b");
  const auto passed = [&](const std::shared_ptr<const shard>& first,
                          const std::shared_ptr<const shard>& second, position to) {
    moved_ = {};
    pass(first, {}, {5, 1});
    pass(second, {}, to);
    return moved_;
  };
  const shard_positions one = passed(a, b, {9, 2});
  EXPECT_EQ(passed(b, a, {9, 2}), passed(b, a, {9, 2}));
  EXPECT_NE(passed(b, a, {9, 2}), one);  // each came as far as the other there
  moved_ = {};
  pass(b, {}, {9, 2});
  pass(a, {}, {5, 1});
  EXPECT_EQ(moved_, one);
  moved_ = {};
  pass(a, {}, {5, 1});
  EXPECT_NE(moved_, one);
}

TEST_F(shard_positions_test, that_a_shard_has_ended_is_news_of_it_though_it_did_not_move) {
  const auto a = shard_named("a");
  const auto b = shard_named("b");
  const auto empty = shard_named("empty");
  pass(a, {}, {5, 1});
  end(a, {5, 1}, {5, 1});
  end(empty, {}, {});
  pass(b, {}, {5, 1});
  EXPECT_EQ(moved_.places(), (std::vector<shard_place>{{a, {5, 1}}, {empty, {}}, {b, {5, 1}}}));
  EXPECT_TRUE(moved_.has_ended(*a));
  EXPECT_TRUE(moved_.has_ended(*empty));
  EXPECT_FALSE(moved_.has_ended(*b));
  EXPECT_FALSE(moved_.has_ended(*shard_named("another")));
}

TEST_F(shard_positions_test, a_shard_that_grows_has_not_ended_any_more) {
  const auto a = shard_named("a");
  end(a, {}, {5, 1});
  EXPECT_TRUE(moved_.has_ended(*a));
  pass(a, {5, 1}, {9, 2});
  EXPECT_FALSE(moved_.has_ended(*a));
  moved_.clear();
  end(a, {9, 2}, {9, 2});
  moved_.clear();
  EXPECT_FALSE(moved_.has_ended(*a));
}

TEST_F(shard_positions_test, knows_a_shard_of_which_it_is_said_once_more_that_it_ended) {
  const auto a = shard_named("a");
  batch b(pool_);
  b.open_run(a, {5, 1, true});
  b.end_shard();
  moved_.note(b);
  EXPECT_EQ(moved_.places(), (std::vector<shard_place>{{a, {5, 1, true}}}));
}

TEST_F(shard_positions_test, tells_the_latest_state_that_a_parser_left_of_each) {
  const auto a = shard_named("a");
  const auto b = shard_named("b");
  pass(a, {}, {10, 1}, std::make_shared<const std::string>("first"));
  pass(b, {}, {10, 1});
  pass(a, {10, 1}, {20, 2}, std::make_shared<const std::string>("second"));
  pass(a, {20, 2}, {30, 3});
  EXPECT_EQ(*moved_.parser_state_of(*a), "second");
  EXPECT_EQ(moved_.parser_state_of(*b), nullptr);
  EXPECT_EQ(moved_.parser_state_of(*shard_named("another")), nullptr);
  moved_.clear();
  EXPECT_EQ(moved_.parser_state_of(*a), nullptr);
}

/// What looks through all of them for each takes 20 s and more.
TEST_F(shard_positions_test, a_group_of_many_shards_costs_no_more_for_each_of_them) {
  constexpr std::size_t shards = 200'000;
  const auto state = std::make_shared<const std::string>("1\nid,name");
  std::vector<std::shared_ptr<const shard>> all;
  for (std::size_t n = 0; n < shards; ++n) all.push_back(shard_named(std::to_string(n)));
  const std::clock_t began = std::clock();
  for (const auto& s : all) pass(s, {10, 1}, {20, 2}, state);
  for (const auto& s : all) ASSERT_EQ(moved_.parser_state_of(*s), state);
  EXPECT_LT(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC, 10.0);
}

}  // namespace
}  // namespace weir
