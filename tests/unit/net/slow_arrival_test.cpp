#include "net/slow_arrival.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t mb = 1'000'000;

TEST(SlowArrival, has_patience_at_first) {
  slow_arrival arrival;
  EXPECT_EQ(arrival.left(), 50ms);
  arrival.note(49ms, 0);
  EXPECT_GT(arrival.left(), 0ms);
  arrival.note(1ms, 0);
  EXPECT_LE(arrival.left(), 0ms);
}

TEST(SlowArrival, is_what_an_object_store_gives_in_one_connection) {
  slow_arrival arrival;
  int seconds_hundredths = 0;
  for (; arrival.left() > 0ms; ++seconds_hundredths) arrival.note(10ms, mb * 90 / 100);
  EXPECT_LE(seconds_hundredths, 10);
}

TEST(SlowArrival, is_not_what_a_server_nearby_gives) {
  slow_arrival arrival;
  for (int i = 0; i < 1000; ++i) arrival.note(10ms, mb * 300 / 100);
  EXPECT_GT(arrival.left(), 0ms);
}

TEST(SlowArrival, is_not_what_a_slow_reader_finds) {
  slow_arrival arrival;
  for (int i = 0; i < 1000; ++i) arrival.note(1us, mb / 1000);
  EXPECT_GT(arrival.left(), 0ms);
}

TEST(SlowArrival, forgets_how_fast_it_once_was) {
  slow_arrival arrival;
  arrival.note(1ms, 100'000 * mb);
  EXPECT_EQ(arrival.left(), 50ms);
}

}  // namespace
}  // namespace weir
