#include "stage/throttle.hpp"

#include <gtest/gtest.h>

#include "unit/scripted.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::arrival;
using test::scripted;
using test::texts;
using test::virtual_run;

using strings = std::vector<std::string>;
using came_at = std::vector<std::pair<int, strings>>;

/// Each batch with records, and when it came, in milliseconds.
came_at let_through(std::vector<arrival> script, double per_second, virtual_run& run) {
  came_at out;
  const time_point start = run.time.now();
  stream s = throttled(scripted(std::move(script), &run.with), per_second, &run.with);
  while (const batch* b = s.next(pull{})) {
    const auto came = std::chrono::duration_cast<std::chrono::milliseconds>(run.time.now() - start);
    if (!b->empty()) out.emplace_back(static_cast<int>(came.count()), texts(*b));
  }
  return out;
}

TEST(throttle, lets_pieces_of_a_tenth_of_a_second_through) {
  virtual_run run;
  EXPECT_EQ(let_through({{0ms, "a\nb\nc\nd\ne\n"}}, 20, run),
            (came_at{{0, {"a", "b"}}, {100, {"c", "d"}}, {200, {"e"}}}));
}

TEST(throttle, lets_one_record_through_at_a_time_where_there_are_few) {
  virtual_run run;
  EXPECT_EQ(let_through({{0ms, "a\nb\nc\n"}}, 0.5, run),
            (came_at{{0, {"a"}}, {2000, {"b"}}, {4000, {"c"}}}));
}

TEST(throttle, makes_up_for_nothing_when_there_was_less) {
  virtual_run run;
  EXPECT_EQ(let_through({{0ms, "a\n"}, {1000ms, "b\nc\n"}}, 10, run),
            (came_at{{0, {"a"}}, {1000, {"b"}}, {1100, {"c"}}}));
}

TEST(throttle, does_not_hold_up_a_drain) {
  virtual_run run;
  stream s = throttled(scripted({{0ms, "a\nb\nc\n"}}, &run.with), 0.5, &run.with);
  ASSERT_EQ(texts(*s.next(pull{})), strings{"a"});
  const pull drain{.until = never, .drain = true};
  const time_point before = run.time.now();
  EXPECT_EQ(texts(*s.next(drain)), strings{"b"});
  EXPECT_EQ(texts(*s.next(drain)), strings{"c"});
  EXPECT_EQ(run.time.now(), before);
}

TEST(throttle, answers_in_time_while_records_wait) {
  virtual_run run;
  stream s = throttled(scripted({{0ms, "a\nb\n"}}, &run.with), 1, &run.with);
  ASSERT_EQ(texts(*s.next(pull{})), strings{"a"});
  const time_point until = run.time.now() + 300ms;
  EXPECT_TRUE(s.next({.until = until, .drain = false})->empty());
  EXPECT_EQ(run.time.now(), until);
  EXPECT_EQ(texts(*s.next(pull{})), strings{"b"});
}

}  // namespace
}  // namespace weir
