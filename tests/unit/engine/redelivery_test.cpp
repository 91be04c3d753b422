#include "engine/redelivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using kind = delivery_error::kind;
using testing::ElementsAre;
using testing::IsEmpty;

/// A place that fails for a while, in virtual time.
struct Redelivery : testing::Test {
  virtual_clock time;
  interrupt wake;
  context with{.pool = nullptr, .time = &time, .wake = &wake, .files = nullptr, .started_ns = 0};
  drain_limit draining{with};
  std::vector<std::string> said;
  retry_policy policy{.chance = [] { return 1.0; },
                      .say = [this](const std::string& what) { said.push_back(what); }};
  time_point start = time.now();
  std::vector<time_point> attempts;

  delivery_error failed(kind what) const {
    return {.what = what, .message = "db: connection refused", .code = exit_code::unavailable};
  }

  /// Delivers to a place that fails with `why` as long as `down` says so.
  delivery deliver(redelivery& to, delivery_error why, std::chrono::nanoseconds down_for) {
    return to.until_taken([&, this]() -> delivery {
      attempts.push_back(time.now());
      if (time.now() - start < down_for) return std::unexpected(why);
      return {};
    });
  }
  delivery deliver(delivery_error why, std::chrono::nanoseconds down_for) {
    redelivery to("db", policy, with, draining);
    return deliver(to, std::move(why), down_for);
  }
};

TEST_F(Redelivery, tries_again_what_was_refused_and_what_is_unknown) {
  EXPECT_TRUE(deliver(failed(kind::refused), 1min));
  start = time.now();
  EXPECT_TRUE(deliver(failed(kind::unknown), 1min));
}

TEST_F(Redelivery, never_tries_again_what_is_broken_or_closed) {
  EXPECT_EQ(deliver(failed(kind::broken), 1min).error().what, kind::broken);
  EXPECT_EQ(deliver(failed(kind::closed), 1min).error().what, kind::closed);
  EXPECT_EQ(attempts.size(), 2u);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Redelivery, backs_off_so_that_an_hour_costs_an_attempt_now_and_then) {
  EXPECT_TRUE(deliver(failed(kind::refused), 1h));
  EXPECT_EQ(attempts[1] - attempts[0], 100ms);
  EXPECT_EQ(attempts[2] - attempts[1], 200ms);
  EXPECT_EQ(attempts.back() - attempts[attempts.size() - 2], 30s);
  EXPECT_LT(attempts.size(), 131u);
}

TEST_F(Redelivery, begins_with_short_waits_again_after_a_success) {
  redelivery to("db", policy, with, draining);
  EXPECT_TRUE(deliver(to, failed(kind::refused), 1h));
  start = time.now();
  attempts.clear();
  EXPECT_TRUE(deliver(to, failed(kind::refused), 1s));
  EXPECT_EQ(attempts[1] - attempts[0], 100ms);
}

TEST_F(Redelivery, says_once_that_it_waits_and_once_that_it_goes_on) {
  EXPECT_TRUE(deliver(failed(kind::refused), 61s));
  EXPECT_THAT(said, ElementsAre("waiting: db: connection refused; nothing is read meanwhile, tried "
                                "again until it goes on",
                                "going on after 1m21s: db"));
}

TEST_F(Redelivery, keeps_silent_about_what_is_over_within_a_second) {
  EXPECT_TRUE(deliver(failed(kind::refused), 600ms));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Redelivery, waits_no_less_than_it_was_asked_to) {
  auto why = failed(kind::refused);
  why.retry_after = 7min;
  EXPECT_TRUE(deliver(why, 5min));
  EXPECT_THAT(attempts, ElementsAre(start, start + 7min));
}

TEST_F(Redelivery, gives_up_after_its_time_with_a_last_attempt) {
  policy.give_up_after = 1min;
  const auto got = deliver(failed(kind::refused), 1h);
  ASSERT_FALSE(got);
  EXPECT_EQ(attempts.back() - start, 1min);
  EXPECT_EQ(got.error().code, exit_code::unavailable);
  EXPECT_EQ(got.error().message,
            "db: connection refused; gave up after 1m (--give-up-after sets how long)");
}

TEST_F(Redelivery, takes_no_longer_than_the_grace_of_a_drain_once_the_run_is_to_end) {
  wake.stop();
  const auto got = deliver(failed(kind::refused), 1h);
  ASSERT_FALSE(got);
  EXPECT_EQ(time.now() - start, drain_limit::grace);
  EXPECT_GT(attempts.size(), 5u);
  EXPECT_EQ(got.error().code, exit_code::interrupted);
}

TEST_F(Redelivery, still_delivers_within_the_grace_of_a_drain) {
  wake.stop();
  EXPECT_TRUE(deliver(failed(kind::refused), 5s));
}

TEST_F(Redelivery, is_not_hurried_by_a_nudge) {
  wake.nudge();
  EXPECT_TRUE(deliver(failed(kind::refused), 1min));
  EXPECT_LT(attempts.size(), 15u);
  wake.calm();
}

}  // namespace
}  // namespace weir
