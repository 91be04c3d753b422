#include "base/drain_limit.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

struct DrainLimit : testing::Test {
  virtual_clock time;
  interrupt wake;
  drain_limit draining{time, wake};
  time_point start = time.now();
};

TEST_F(DrainLimit, is_never_while_nothing_is_to_end) {
  EXPECT_EQ(draining.until(), never);
  EXPECT_FALSE(draining.wait(-1, start + 1h));
  EXPECT_EQ(time.now(), start + 1h);
  EXPECT_FALSE(draining.is_over());
}

TEST_F(DrainLimit, is_one_moment_for_all_who_wait_on_an_interrupt) {
  wake.stop();
  EXPECT_EQ(draining.until(), start + 10s);
  time.advance(3s);
  EXPECT_EQ(drain_limit(time, wake).until(), start + 10s);
}

TEST_F(DrainLimit, ends_a_wait_that_a_stop_does_not_end) {
  wake.stop();
  EXPECT_FALSE(draining.wait(-1, start + 4s));
  EXPECT_EQ(time.now(), start + 4s);
  EXPECT_FALSE(draining.is_over());
  EXPECT_FALSE(draining.wait(-1, never));
  EXPECT_EQ(time.now(), start + 10s);
  EXPECT_TRUE(draining.is_over());
}

TEST_F(DrainLimit, lets_through_what_comes_in_time) {
  const int ready = ::eventfd(1, EFD_CLOEXEC);
  wake.stop();
  EXPECT_TRUE(draining.wait(ready, never));
  EXPECT_EQ(time.now(), start);
  ::close(ready);
}

TEST_F(DrainLimit, is_not_reached_by_a_nudge) {
  wake.nudge();
  EXPECT_FALSE(draining.wait(-1, start + 20s));
  EXPECT_EQ(time.now(), start + 20s);
  wake.calm();
}

}  // namespace
}  // namespace weir
