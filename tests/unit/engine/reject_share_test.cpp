#include "engine/reject_share.hpp"

#include <gtest/gtest.h>

#include "weir/error.hpp"

namespace weir {
namespace {

/// Totals that grow by steps.
struct RejectShare : testing::Test {
  account total;

  bool stops(reject_share& watch, std::uint64_t in, std::uint64_t rejected) {
    total.in += in;
    total.rejected += rejected;
    try {
      watch.note(total);
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::rejected);
      return true;
    }
    return false;
  }
};

TEST_F(RejectShare, stops_when_more_than_the_share_of_the_window_is_rejected) {
  reject_share watch(0.5);
  EXPECT_FALSE(stops(watch, 1000, 500));
  reject_share another(0.5);
  total = {};
  EXPECT_TRUE(stops(another, 1000, 501));
}

TEST_F(RejectShare, judges_no_less_than_a_window) {
  reject_share watch(0);
  EXPECT_FALSE(stops(watch, 999, 999));
  EXPECT_TRUE(stops(watch, 1, 0));
}

TEST_F(RejectShare, forgets_what_was_before_the_window) {
  reject_share watch(0.5);
  EXPECT_FALSE(stops(watch, 1'000'000, 0));
  EXPECT_FALSE(stops(watch, 500, 500));
  EXPECT_TRUE(stops(watch, 500, 500));
}

TEST_F(RejectShare, allows_a_burst_of_less_than_a_window) {
  reject_share watch(0.5);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(stops(watch, 400, 400)) << i;
    EXPECT_FALSE(stops(watch, 1000, 0)) << i;
  }
}

TEST_F(RejectShare, takes_steps_of_single_records) {
  reject_share watch(0.5);
  for (std::uint64_t i = 0; i < 3000; ++i) EXPECT_FALSE(stops(watch, 1, i % 2));
  int more = 0;
  while (!stops(watch, 1, 1)) ++more;
  EXPECT_LE(more, 2);
}

TEST_F(RejectShare, counts_a_late_reject_in_the_step_that_knows_it) {
  reject_share watch(0.5);
  EXPECT_FALSE(stops(watch, 1000, 0));
  EXPECT_TRUE(stops(watch, 0, 501));
}

TEST_F(RejectShare, of_1_allows_everything) {
  reject_share watch(1);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(stops(watch, 1000, 1000));
}

}  // namespace
}  // namespace weir
