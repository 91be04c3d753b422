#include "weir/generator.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <exception>
#include <iterator>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace weir {
namespace {

using strings = std::vector<std::string>;

/// Notes its own end: what a `finally` would do.
class note_at_end {
 public:
  note_at_end(strings* log, std::string text) : log_(log), text_(std::move(text)) {}
  note_at_end(const note_at_end&) = delete;
  note_at_end& operator=(const note_at_end&) = delete;
  ~note_at_end() { log_->push_back(text_); }

 private:
  strings* log_;
  std::string text_;
};

generator<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}

generator<int> logged_count(strings* log, int last) {
  note_at_end at_end{log, "end"};
  for (int i = 1; i <= last; ++i) {
    log->push_back("step " + std::to_string(i));
    co_yield i;
  }
}

std::exception_ptr failure(const std::string& message) {
  return std::make_exception_ptr(std::runtime_error(message));
}

// ---- laziness, stepping, the end ----

TEST(Generator, YieldsEachItemThenEnds) {
  auto g = count_to(2);
  EXPECT_EQ(*g.next(), 1);
  EXPECT_EQ(*g.next(), 2);
  EXPECT_EQ(g.next(), nullptr);
}

TEST(Generator, RunsNothingBeforeTheFirstNext) {
  strings log;
  auto g = logged_count(&log, 2);
  EXPECT_TRUE(log.empty());
  EXPECT_FALSE(g.done());
  (void)g.next();
  EXPECT_EQ(log, strings{"step 1"});
}

TEST(Generator, RunsOnlyAsFarAsTheItemThatWasAskedFor) {
  strings log;
  auto g = logged_count(&log, 3);
  (void)g.next();
  (void)g.next();
  EXPECT_EQ(log, (strings{"step 1", "step 2"}));
}

TEST(Generator, IsDoneOnlyOnceTheEndWasReached) {
  auto g = count_to(1);
  EXPECT_FALSE(g.done());
  (void)g.next();
  EXPECT_FALSE(g.done());
  (void)g.next();
  EXPECT_TRUE(g.done());
}

TEST(Generator, GivesNullEverAfterTheEnd) {
  auto g = count_to(0);
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_TRUE(g.done());
}

TEST(Generator, DestroysTheLocalsOfABodyThatEndedBeforeItIsItselfDestroyed) {
  strings log;
  auto g = logged_count(&log, 0);
  (void)g.next();
  EXPECT_EQ(log, strings{"end"});
}

generator<int> naturals() {
  for (int i = 0;; ++i) co_yield i;
}

TEST(Generator, MayBeInfinite) {
  auto g = naturals();
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(*g.next(), i);
  EXPECT_FALSE(g.done());
}

generator<const int> evens(generator<int> numbers) {
  while (const int* n = numbers.next()) {
    if (*n % 2 == 0) co_yield *n;
  }
}

TEST(Generator, MayBeMadeOfAnother) {
  auto g = evens(naturals());
  EXPECT_EQ(*g.next(), 0);
  EXPECT_EQ(*g.next(), 2);
}

// ---- lending ----

generator<std::string> lend_twice(strings* seen) {
  std::string item = "as yielded";
  co_yield item;
  seen->push_back(item);
  co_yield item;
}

TEST(Generator, LendsAnLvalueSoThatTheConsumerMayChangeIt) {
  strings seen;
  auto g = lend_twice(&seen);
  *g.next() = "as changed";
  EXPECT_EQ(*g.next(), "as changed");
  EXPECT_EQ(seen, strings{"as changed"});
}

generator<std::unique_ptr<int>> boxes() {
  auto box = std::make_unique<int>(7);
  co_yield box;
  const bool taken = box == nullptr;
  auto answer = std::make_unique<int>(taken ? 1 : 0);
  co_yield std::move(answer);
}

TEST(Generator, LendsItemsThatCannotBeCopiedAndTheConsumerMayTakeThem) {
  auto g = boxes();
  std::unique_ptr<int> mine = std::move(*g.next());
  EXPECT_EQ(*mine, 7);
  EXPECT_EQ(**g.next(), 1);
}

generator<std::string> yield_rvalues() {
  std::string first = "a string that is too long to be stored inside the object";
  co_yield std::move(first);
  std::string second = "another one, also too long to be stored inside the object";
  co_yield std::move(second);
}

TEST(Generator, LendsAnRvalueUntilTheNextStep) {
  auto g = yield_rvalues();
  EXPECT_EQ(*g.next(), "a string that is too long to be stored inside the object");
  EXPECT_EQ(*g.next(), "another one, also too long to be stored inside the object");
  EXPECT_EQ(g.next(), nullptr);
}

generator<long> yield_numbers_of_another_type() {
  co_yield 1;
  co_yield 2U;
}

TEST(Generator, ConvertsAnRvalueOfAnotherType) {
  auto g = yield_numbers_of_another_type();
  EXPECT_EQ(*g.next(), 1L);
  EXPECT_EQ(*g.next(), 2L);
}

generator<const std::string> lend_elements(const strings* of) {
  for (const std::string& s : *of) co_yield s;
}

TEST(Generator, OfConstLendsWithoutACopyAndForbidsChange) {
  const strings source{"x", "y"};
  auto g = lend_elements(&source);
  EXPECT_EQ(g.next(), &source[0]);
  EXPECT_EQ(g.next(), &source[1]);
  static_assert(std::same_as<decltype(g.next()), const std::string*>);
}

// ---- requests ----

generator<const int, int> doubles() {
  while (true) {
    const int doubled = 2 * co_await request;
    co_yield doubled;
  }
}

TEST(Generator, ReadsTheRequestOfEachNextFromTheFirstOneOn) {
  auto g = doubles();
  EXPECT_EQ(*g.next(4), 8);
  EXPECT_EQ(*g.next(21), 42);
}

generator<const std::string, std::string> echo_later() {
  while (true) {
    const std::string& wanted = co_await request;
    const std::string again = co_await request;
    const std::string answer = wanted + wanted + again;
    co_yield answer;
  }
}

TEST(Generator, ReadsARequestAsOftenAsItLikesWithoutSuspending) {
  auto g = echo_later();
  EXPECT_EQ(*g.next("ab"), "ababab");
}

TEST(Generator, TakesWhateverConvertsToARequest) {
  auto g = echo_later();
  EXPECT_EQ(*g.next({}), "");
  EXPECT_EQ(*g.next("x"), "xxx");
}

generator<const std::string, std::string> echo_in_spite_of_errors() {
  while (true) {
    const std::string answer = co_await request;
    try {
      co_yield answer;
    } catch (const std::runtime_error&) {
    }
  }
}

TEST(Generator, StillReadsTheLatestRequestAfterRaise) {
  auto g = echo_in_spite_of_errors();
  (void)g.next(std::string(100, 'q'));
  EXPECT_EQ(*g.raise(failure("ignored")), std::string(100, 'q'));
}

generator<const int, int> relay(generator<const int, int> upstream) {
  while (const int* item = upstream.next(co_await request)) co_yield *item;
}

TEST(Generator, PassesARequestUpAChain) {
  auto g = relay(relay(doubles()));
  EXPECT_EQ(*g.next(5), 10);
  EXPECT_EQ(*g.next(6), 12);
}

// ---- results ----

generator<const int, void, std::string> sum_of(int last) {
  int sum = 0;
  for (int i = 1; i <= last; ++i) {
    sum += i;
    co_yield i;
  }
  co_return "sum " + std::to_string(sum);
}

TEST(Generator, KeepsWhatTheBodyReturned) {
  auto g = sum_of(4);
  while (g.next()) {
  }
  ASSERT_TRUE(g.done());
  EXPECT_EQ(g.result(), "sum 10");
}

TEST(Generator, KeepsItsResultThroughAFinishAndARaiseAfterTheEnd) {
  auto g = sum_of(2);
  while (g.next()) {
  }
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_THROW(g.raise(failure("late")), std::runtime_error);
  EXPECT_EQ(g.result(), "sum 3");
}

// ---- exceptions ----

generator<int> fail_after(strings* log, int items) {
  note_at_end at_end{log, "end"};
  for (int i = 1; i <= items; ++i) co_yield i;
  throw std::runtime_error("broken");
}

TEST(Generator, LetsAnExceptionOfTheBodyLeaveNext) {
  strings log;
  auto g = fail_after(&log, 1);
  (void)g.next();
  EXPECT_THROW(g.next(), std::runtime_error);
}

TEST(Generator, IsDoneAfterAnExceptionLeftIt) {
  strings log;
  auto g = fail_after(&log, 0);
  EXPECT_THROW(g.next(), std::runtime_error);
  EXPECT_EQ(log, strings{"end"});
  EXPECT_TRUE(g.done());
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_EQ(g.finish(), nullptr);
}

TEST(Generator, DestroysItsLocalsOnceWhenAnExceptionLeftItAfterAnItem) {
  strings log;
  {
    auto g = fail_after(&log, 1);
    (void)g.next();
    EXPECT_THROW(g.next(), std::runtime_error);
  }
  EXPECT_EQ(log, strings{"end"});
}

TEST(Generator, LetsAnExceptionOfItsUpstreamPass) {
  strings log;
  auto g = evens(fail_after(&log, 1));
  EXPECT_THROW(g.next(), std::runtime_error);
  EXPECT_TRUE(g.done());
}

// ---- raise ----

generator<const std::string> recovering(strings* log) {
  std::string item = "first";
  try {
    co_yield item;
  } catch (const std::runtime_error& e) {
    item = std::string{"recovered from "} + e.what();
  }
  co_yield item;
  log->push_back("went on");
}

TEST(Generator, GivesTheNextItemOfABodyThatHandlesWhatIsRaised) {
  strings log;
  auto g = recovering(&log);
  (void)g.next();
  const std::string* item = g.raise(failure("a fault"));
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(*item, "recovered from a fault");
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_EQ(log, strings{"went on"});
}

TEST(Generator, ThrowsWhatIsRaisedThroughABodyThatDoesNotHandleIt) {
  strings log;
  auto g = logged_count(&log, 5);
  (void)g.next();
  EXPECT_THROW(g.raise(failure("a fault")), std::runtime_error);
  EXPECT_EQ(log, (strings{"step 1", "end"}));
  EXPECT_TRUE(g.done());
}

TEST(Generator, NeverEntersTheBodyForARaiseBeforeTheFirstNext) {
  strings log;
  auto g = logged_count(&log, 5);
  EXPECT_THROW(g.raise(failure("early")), std::runtime_error);
  EXPECT_TRUE(log.empty());
  EXPECT_TRUE(g.done());
  EXPECT_EQ(g.next(), nullptr);
}

generator<int> ends_when_raised() {
  int item = 1;
  try {
    co_yield item;
  } catch (const std::runtime_error&) {
  }
}

TEST(Generator, GivesNullWhenTheBodyHandlesWhatIsRaisedByEnding) {
  auto g = ends_when_raised();
  (void)g.next();
  EXPECT_EQ(g.raise(failure("enough")), nullptr);
  EXPECT_TRUE(g.done());
}

// ---- finish ----

generator<const std::string> holding(strings* log) {
  std::string held;
  bool open = true;
  while (open) {
    held += 'x';
    const std::string empty;
    try {
      co_yield empty;
    } catch (const generator_closed&) {
      open = false;
    }
  }
  co_yield held;
  log->push_back("handed over");
}

TEST(Generator, HandsOverItsRemainderOnFinish) {
  strings log;
  auto g = holding(&log);
  (void)g.next();
  (void)g.next();
  const std::string* remainder = g.finish();
  ASSERT_NE(remainder, nullptr);
  EXPECT_EQ(*remainder, "xx");
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_EQ(log, strings{"handed over"});
}

TEST(Generator, EndsOnFinishWhenTheBodyDoesNotCatchIt) {
  strings log;
  auto g = logged_count(&log, 5);
  (void)g.next();
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_EQ(log, (strings{"step 1", "end"}));
  EXPECT_TRUE(g.done());
}

TEST(Generator, NeverEntersTheBodyForAFinishBeforeTheFirstNext) {
  strings log;
  auto g = logged_count(&log, 5);
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_TRUE(log.empty());
  EXPECT_TRUE(g.done());
  EXPECT_EQ(g.next(), nullptr);
}

TEST(Generator, DoesNothingOnFinishAfterTheEnd) {
  auto g = count_to(0);
  (void)g.next();
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_EQ(g.finish(), nullptr);
}

generator<int> swallowing_standard_errors(strings* log) {
  note_at_end at_end{log, "end"};
  for (int i = 0;; ++i) {
    try {
      co_yield i;
    } catch (const std::exception&) {
      log->push_back("swallowed");
    }
  }
}

TEST(Generator, FinishesABodyThatSwallowsEveryStandardException) {
  strings log;
  auto g = swallowing_standard_errors(&log);
  (void)g.next();
  (void)g.raise(failure("swallow me"));
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_EQ(log, (strings{"swallowed", "end"}));
}

generator<int> fails_to_close() {
  int item = 1;
  try {
    co_yield item;
  } catch (const generator_closed&) {
    throw std::runtime_error("cannot close");
  }
}

TEST(Generator, LetsAFailureToCloseLeaveFinish) {
  auto g = fails_to_close();
  (void)g.next();
  EXPECT_THROW(g.finish(), std::runtime_error);
  EXPECT_TRUE(g.done());
}

generator<int> passing_on(strings* log, generator<int> upstream) {
  note_at_end at_end{log, "downstream"};
  while (int* item = upstream.next()) co_yield *item;
}

TEST(Generator, KeepsItsParametersUntilItIsItselfDestroyedOrReplaced) {
  strings log;
  auto g = passing_on(&log, logged_count(&log, 5));
  (void)g.next();
  EXPECT_EQ(g.finish(), nullptr);
  EXPECT_EQ(log, (strings{"step 1", "downstream"}));
  g = count_to(0);
  EXPECT_EQ(log, (strings{"step 1", "downstream", "end"}));
}

// ---- destruction and moving ----

TEST(Generator, RunsTheDestructorsOfABodyThatIsAbandoned) {
  strings log;
  {
    auto g = logged_count(&log, 5);
    (void)g.next();
  }
  EXPECT_EQ(log, (strings{"step 1", "end"}));
}

TEST(Generator, RunsNothingWhenItIsDestroyedBeforeTheFirstNext) {
  strings log;
  {
    auto g = logged_count(&log, 5);
  }
  EXPECT_TRUE(log.empty());
}

generator<int> owner(std::shared_ptr<int> owned) {
  int item = *owned;
  co_yield item;
}

TEST(Generator, GivesItsParametersBackWhenItIsDestroyedUnstarted) {
  auto owned = std::make_shared<int>(1);
  {
    auto g = owner(owned);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Generator, MovesWithItsPlaceInTheSequence) {
  auto g = count_to(3);
  (void)g.next();
  auto h = std::move(g);
  EXPECT_EQ(*h.next(), 2);
}

TEST(Generator, IsDoneOnceItWasMovedFrom) {
  auto g = count_to(3);
  auto h = std::move(g);
  EXPECT_TRUE(g.done());           // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(g.next(), nullptr);    // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(g.finish(), nullptr);  // NOLINT(bugprone-use-after-move)
}

TEST(Generator, AbandonsItsOwnSequenceWhenItIsGivenAnother) {
  strings log;
  auto g = logged_count(&log, 5);
  auto other = count_to(9);
  (void)g.next();
  g = std::move(other);
  EXPECT_EQ(log, (strings{"step 1", "end"}));
  EXPECT_EQ(*g.next(), 1);
}

TEST(Generator, MayMoveBetweenThreadsWhileItIsSuspended) {
  auto g = count_to(3);
  EXPECT_EQ(*g.next(), 1);
  int second = 0;
  std::jthread{[moved = std::move(g), &second, &g]() mutable {
    second = *moved.next();
    g = std::move(moved);
  }}.join();
  EXPECT_EQ(second, 2);
  EXPECT_EQ(*g.next(), 3);
}

// ---- ranges ----

TEST(Generator, IsARangeOfWhatItYields) {
  std::vector<int> all;
  for (const int i : count_to(3)) all.push_back(i);
  EXPECT_EQ(all, (std::vector{1, 2, 3}));
}

TEST(Generator, IsAnEmptyRangeIfItYieldsNothing) {
  for ([[maybe_unused]] const int i : count_to(0)) FAIL();
}

TEST(Generator, RunsItsDestructorsWhenALoopOverItBreaks) {
  strings log;
  for (const int i : logged_count(&log, 5)) {
    if (i == 2) break;
  }
  EXPECT_EQ(log, (strings{"step 1", "step 2", "end"}));
}

TEST(Generator, GoesOnAfterABrokenLoopOverALvalue) {
  auto g = count_to(5);
  for (const int i : g) {
    if (i == 2) break;
  }
  std::vector<int> rest;
  for (const int i : g) rest.push_back(i);
  EXPECT_EQ(rest, (std::vector{3, 4, 5}));
}

TEST(Generator, LetsTheLoopChangeItems) {
  auto letters = [](std::string* item) -> generator<std::string> {
    co_yield *item;
    co_yield *item;
  };
  std::string item = "a";
  std::size_t last = 0;
  for (std::string& s : letters(&item)) {
    s += 'b';
    last = s.size();
  }
  EXPECT_EQ(last, 3U);
  EXPECT_EQ(item, "abb");
}

TEST(Generator, LetsAnExceptionOfTheBodyLeaveTheLoop) {
  strings log;
  int seen = 0;
  EXPECT_THROW(
      {
        for (const int i : fail_after(&log, 2)) seen = i;
      },
      std::runtime_error);
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(log, strings{"end"});
}

TEST(Generator, WorksWithTheViewsOfTheStandardLibrary) {
  static_assert(std::ranges::input_range<generator<int>>);
  static_assert(std::input_iterator<generator<int>::iterator>);
  std::vector<int> got;
  for (const int i : naturals() | std::views::filter([](int n) { return n % 3 == 0; }) |
                         std::views::transform([](int n) { return n * n; }) | std::views::take(3)) {
    got.push_back(i);
  }
  EXPECT_EQ(got, (std::vector{0, 9, 36}));
}

TEST(Generator, IsNoRangeIfItTakesRequests) {
  static_assert(!std::ranges::range<generator<int, int>>);
}

TEST(Generator, CanBeMovedButNotCopied) {
  static_assert(std::movable<generator<int>>);
  static_assert(!std::copyable<generator<int>>);
  static_assert(std::is_nothrow_move_constructible_v<generator<int>>);
}

// ---- re-entry through the whole chain ----

generator<const int, int> checked(generator<const int, int> upstream, strings* log) {
  note_at_end at_end{log, "checked"};
  while (const int* item = upstream.next(co_await request)) {
    try {
      co_yield *item;
    } catch (const std::runtime_error& e) {
      log->push_back(e.what());
    }
  }
}

TEST(Generator, RaisesAtTheOutermostBodyOnly) {
  strings log;
  auto g = checked(doubles(), &log);
  EXPECT_EQ(*g.next(1), 2);
  EXPECT_EQ(*g.raise(failure("bad item")), 2);
  EXPECT_EQ(*g.next(3), 6);
  EXPECT_EQ(log, strings{"bad item"});
}

}  // namespace
}  // namespace weir
