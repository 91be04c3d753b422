#include "net/request_limit.hpp"

#include <gtest/gtest.h>

#include "net/prefetch_room.hpp"

namespace weir {
namespace {

void all_go_well(request_limit& limit, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) limit.went_well();
}

TEST(RequestLimit, begins_with_the_most) {
  const request_limit limit(8);
  EXPECT_EQ(limit.now(), 8u);
}

TEST(RequestLimit, is_halved_when_the_server_turns_a_request_away) {
  request_limit limit(8);
  limit.was_too_much(limit.round());
  EXPECT_EQ(limit.now(), 4u);
  limit.was_too_much(limit.round());
  EXPECT_EQ(limit.now(), 2u);
}

TEST(RequestLimit, is_halved_once_for_requests_that_were_turned_away_together) {
  request_limit limit(8);
  const auto round = limit.round();
  for (int i = 0; i < 8; ++i) limit.was_too_much(round);
  EXPECT_EQ(limit.now(), 4u);
}

TEST(RequestLimit, never_falls_below_one) {
  request_limit limit(8);
  for (int i = 0; i < 20; ++i) limit.was_too_much(limit.round());
  EXPECT_EQ(limit.now(), 1u);
  EXPECT_EQ(request_limit(0).now(), 1u);
}

TEST(RequestLimit, grows_by_one_for_a_round_of_answers_up_to_the_most) {
  request_limit limit(8);
  limit.was_too_much(limit.round());
  all_go_well(limit, 4 + 1);  // the answers of a round, and what a sum of fractions lacks
  EXPECT_EQ(limit.now(), 5u);
  all_go_well(limit, 1000);
  EXPECT_EQ(limit.now(), 8u);
}

TEST(PrefetchRoom, holds_as_many_stretches_as_were_configured) {
  request_limit limit(100);
  prefetch_room room(3 * stretch_bytes, limit);
  const budget large(1 << 30);
  const auto one = room.try_take(large);
  const auto two = room.try_take(large);
  auto three = room.try_take(large);
  EXPECT_TRUE(three);
  EXPECT_FALSE(room.try_take(large));
  three.reset();
  EXPECT_TRUE(room.try_take(large));
}

TEST(PrefetchRoom, takes_a_quarter_of_the_memory_at_most) {
  request_limit limit(100);
  prefetch_room room(100 * stretch_bytes, limit);
  const budget small(8 * stretch_bytes);
  const auto one = room.try_take(small);
  const auto two = room.try_take(small);
  EXPECT_TRUE(two);
  EXPECT_FALSE(room.try_take(small));
}

TEST(PrefetchRoom, shares_what_the_server_bears_with_the_objects) {
  request_limit limit(3);
  prefetch_room room(4 * stretch_bytes, limit);
  const budget large(1 << 30);
  const auto object = limit.try_take();
  auto one = room.try_take(large);
  const auto two = room.try_take(large);
  EXPECT_TRUE(two);
  EXPECT_FALSE(room.try_take(large));
  EXPECT_FALSE(limit.try_take());
  one.reset();
  EXPECT_TRUE(limit.try_take());
}

TEST(PrefetchRoom, shrinks_when_the_server_asks_for_less) {
  request_limit limit(4);
  prefetch_room room(4 * stretch_bytes, limit);
  const budget large(1 << 30);
  limit.was_too_much(limit.round());
  const auto one = room.try_take(large);
  const auto two = room.try_take(large);
  EXPECT_FALSE(room.try_take(large));
}

}  // namespace
}  // namespace weir
