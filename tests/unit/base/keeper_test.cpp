#include "base/keeper.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "base/clock.hpp"

namespace weir {
namespace {

using std::chrono::seconds;

TEST(Keeper, does_its_chores_when_they_are_due) {
  virtual_clock time;
  const time_point start = time.now();
  std::vector<time_point> done;
  std::latch three(3);
  {
    const keeper k(time, [&] {
      if (done.size() == 3) return never;
      done.push_back(time.now());
      three.count_down();
      return time.now() + seconds{5};
    });
    three.wait();
  }
  EXPECT_EQ(done, (std::vector{start, start + seconds{5}, start + seconds{10}}));
}

TEST(Keeper, can_be_woken_earlier) {
  real_clock time;
  std::latch first(1);
  std::latch second(1);
  int calls = 0;
  keeper k(time, [&] {
    if (++calls == 1) first.count_down();
    if (calls == 2) second.count_down();
    return time.now() + std::chrono::hours{1};
  });
  first.wait();
  k.wake();
  second.wait();
}

TEST(Keeper, finishes_what_it_does_before_it_ends) {
  real_clock time;
  std::latch begun(1);
  std::atomic<bool> finished = false;
  {
    const keeper k(time, [&] {
      begun.count_down();
      std::this_thread::yield();
      finished = true;
      return never;
    });
    begun.wait();
  }
  EXPECT_TRUE(finished);
}

}  // namespace
}  // namespace weir
