#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <thread>

#include "stage/boundary.hpp"
#include "stage/head.hpp"
#include "stage/lanes.hpp"
#include "stage/merge.hpp"
#include "unit/scripted.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::counted;
using test::counted_texts;
using test::drain_texts;
using test::real_run;
using test::scripted;

const stage_id work{first_rule, "work"};

batch_function add_mark() {
  return [](batch& b) {
    b.apply(work, [](record& r) {
      r.set_text(r.store().memory.copy(std::string{r.text()} + "!"), shape::text);
      return keep;
    });
  };
}

std::vector<std::string> marked(std::size_t count) {
  auto out = counted_texts(count);
  for (auto& text : out) text += "!";
  return out;
}

/// Ends with an error after some batches.
stream failing(stream in, int batches) {
  while (batches-- > 0) {
    batch* const b = in.next(co_await request);
    if (b == nullptr) co_return;
    co_yield *b;
  }
  throw std::runtime_error("broken");
}

/// A source that would wait for ever.
stream silent(const context* with) {
  batch nothing(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    if (wanted.drain) co_return;
    with->time->wait_readable(-1, *with->wake, wanted.until);
    co_yield nothing;
  }
}

shard_openers shards(std::size_t count, const context* with) {
  for (std::size_t i = 0; i < count; ++i) {
    shard_opener open = [i, with] {
      return scripted(counted(100 + i, 9, std::to_string(i) + "-"), with);
    };
    co_yield open;
  }
}

std::vector<std::string> shard_texts(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto texts = counted_texts(100 + i, std::to_string(i) + "-");
    out.insert(out.end(), texts.begin(), texts.end());
  }
  return out;
}

/// While it lives, no thread can be started: there is no room for a stack of that size.
class no_more_threads {
 public:
  no_more_threads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge = before_;
    pthread_attr_setstacksize(&huge, std::size_t{1} << 46);
    pthread_setattr_default_np(&huge);
  }
  ~no_more_threads() { pthread_setattr_default_np(&before_); }
  no_more_threads(const no_more_threads&) = delete;
  no_more_threads& operator=(const no_more_threads&) = delete;

 private:
  pthread_attr_t before_;
};

void expect_no_thread(stream s) {
  try {
    s.next(pull{});
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::io);
    EXPECT_NE(std::string{e.what()}.find("cannot start a thread"), std::string::npos);
  }
}

TEST(Buffered, GivesWhatComesInOrder) {
  real_run run;
  stream s = buffered(scripted(counted(1000), &run.with), 3, &run.with);
  EXPECT_EQ(drain_texts(s), counted_texts(1000));
}

TEST(Buffered, AnErrorComesBehindTheBatchesBeforeIt) {
  real_run run;
  stream s = buffered(failing(scripted(counted(100, 10), &run.with), 3), 8, &run.with);
  for (int i = 0; i < 3; ++i) ASSERT_NE(s.next(pull{}), nullptr);
  EXPECT_THROW(s.next(pull{}), std::runtime_error);
}

TEST(Buffered, ADeadlineInThePastReturnsAtOnce) {
  real_run run;
  stream s = buffered(silent(&run.with), 2, &run.with);
  const batch* b = s.next(pull{.until = run.time.now()});
  ASSERT_NE(b, nullptr);
  EXPECT_TRUE(b->empty());
}

TEST(Buffered, DrainReachesASourceThatWaits) {
  real_run run;
  stream s = buffered(buffered(silent(&run.with), 2, &run.with), 2, &run.with);
  EXPECT_NE(s.next(pull{.until = run.time.now()}), nullptr);
  while (s.next(pull{.drain = true}) != nullptr) {
  }
  EXPECT_TRUE(s.done());
}

TEST(Buffered, DestroyingItWakesASourceThatWaits) {
  real_run run;
  {
    stream s = buffered(silent(&run.with), 2, &run.with);
    s.next(pull{.until = run.time.now()});
  }
  EXPECT_EQ(run.time.wait_readable(-1, run.wake, run.time.now()), clock::woken::timeout);
}

TEST(Buffered, StartsNoThreadBeforeTheFirstPull) {
  real_run run;
  bool pulled = false;
  const auto source = [](bool* flag, const context* with) -> stream {
    *flag = true;
    batch nothing(with->pool);
    co_yield nothing;
  };
  {
    stream s = buffered(source(&pulled, &run.with), 2, &run.with);
  }
  EXPECT_FALSE(pulled);
}

TEST(Lanes, KeepTheOrderOfTheInput) {
  real_run run;
  for (const std::size_t lanes : {1u, 2u, 4u}) {
    stream s = in_lanes(scripted(counted(5000), &run.with), lanes, add_mark, &run.with);
    EXPECT_EQ(drain_texts(s), marked(5000));
  }
}

TEST(Lanes, TheFirstErrorInTheOrderOfTheInputWins) {
  real_run run;
  const auto make = [] {
    return batch_function{[](batch& b) {
      const auto number = b.all().front().number();
      if (number >= 50) throw std::runtime_error(std::to_string(number));
    }};
  };
  for (int round = 0; round < 20; ++round) {
    stream s = in_lanes(scripted(counted(500, 10), &run.with), 4, make, &run.with);
    try {
      drain_texts(s);
      FAIL();
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "51");
    }
  }
}

TEST(Lanes, AnErrorOfTheSourceComesLast) {
  real_run run;
  stream s = in_lanes(failing(scripted(counted(100, 10), &run.with), 3), 4, add_mark, &run.with);
  for (int i = 0; i < 3; ++i) ASSERT_NE(s.next(pull{}), nullptr);
  EXPECT_THROW(s.next(pull{}), std::runtime_error);
}

TEST(Lanes, DrainReachesASourceThatWaits) {
  real_run run;
  stream s = in_lanes(silent(&run.with), 3, add_mark, &run.with);
  EXPECT_NE(s.next(pull{.until = run.time.now()}), nullptr);
  while (s.next(pull{.drain = true}) != nullptr) {
  }
  EXPECT_TRUE(s.done());
}

TEST(Lanes, MayBeAbandonedAtAnyMoment) {
  real_run run;
  for (unsigned seed = 0; seed < 50; ++seed) {
    stream s = in_lanes(scripted(counted(500, 3), &run.with), 3, add_mark, &run.with);
    for (unsigned pulls = seed; pulls > 0; --pulls) s.next(pull{});
  }
}

// The reader must not wait for input while another lane's batch is about to be ready.
TEST(Lanes, ABatchGoesOnWhileTheSourceIsSilent) {
  real_run run;
  for (int round = 0; round < 50; ++round) {
    const auto make = [reader = std::this_thread::get_id()] {
      return batch_function{[reader](batch&) {
        if (std::this_thread::get_id() != reader) std::this_thread::yield();
      }};
    };
    stream s = in_lanes(scripted({{0ms, "a\n"}, {0ms, "b\n"}, {1h, "c\n"}}, &run.with), 2, make,
                        &run.with);
    std::vector<std::string> got;
    while (got.size() < 2) {
      const batch* const b = s.next(pull{});
      ASSERT_NE(b, nullptr);
      for (const record& r : *b) got.emplace_back(r.text());
    }
    EXPECT_EQ(got, (std::vector<std::string>{"a", "b"}));
  }
}

TEST(Lanes, AThreadThatCannotBeStartedIsAClearError) {
  real_run run;
  std::optional<no_more_threads> limit;
  auto make = [&limit, made = 0]() mutable {
    if (++made == 4) limit.emplace();
    return add_mark();
  };
  expect_no_thread(in_lanes(scripted(counted(500, 3), &run.with), 8, make, &run.with));
}

TEST(Merge, AThreadThatCannotBeStartedIsAClearError) {
  real_run run;
  const no_more_threads limit;
  expect_no_thread(merged(shards(12, &run.with), 3, &run.with));
  expect_no_thread(merged_any_order(shards(12, &run.with), 3, &run.with));
}

TEST(Merge, EmitsShardsInTheOrderOfTheListing) {
  real_run run;
  for (const std::size_t width : {1u, 2u, 5u}) {
    stream s = merged(shards(12, &run.with), width, &run.with);
    EXPECT_EQ(drain_texts(s), shard_texts(12));
  }
}

TEST(Merge, TheOnlyShardIsReadByWhoPullsUntilThatIsBusy) {
  test::virtual_run run;
  const no_more_threads limit;
  stream idle = merged(shards(1, &run.with), 3, &run.with);
  EXPECT_EQ(drain_texts(idle), shard_texts(1));

  stream busy = merged(shards(1, &run.with), 3, &run.with);
  ASSERT_NE(busy.next(pull{}), nullptr);
  run.time.advance(std::chrono::milliseconds{10});
  expect_no_thread(std::move(busy));
}

TEST(Merge, TheThreadOfTheOnlyShardGoesOnWhereItsReaderStopped) {
  test::virtual_run run;
  stream s = merged(shards(1, &run.with), 3, &run.with);
  std::vector<std::string> texts;
  for (const record& r : *s.next(pull{})) texts.emplace_back(r.text());
  run.time.advance(std::chrono::milliseconds{10});
  const auto rest = drain_texts(s);
  texts.insert(texts.end(), rest.begin(), rest.end());
  EXPECT_EQ(texts, shard_texts(1));
}

/// A shard whose batches each hold a block; it pauses while the budget is used up.
stream of_blocks(int batches, const context* with) {
  batch out(with->pool);
  while (batches > 0) {
    const pull wanted = co_await request;
    if (wanted.drain) co_return;
    out.reset(with->pool);
    if (auto space = with->pool->try_take()) {
      out = test::lines_of("x\n", with->pool);
      out.store().memory.adopt(std::move(space));
      --batches;
    } else {
      with->time->wait_readable(-1, *with->wake, std::min(wanted.until, with->time->now() + 1ms));
    }
    co_yield out;
  }
}

shard_openers shards_of_blocks(std::size_t count, const context* with) {
  for (std::size_t i = 0; i < count; ++i) {
    shard_opener open = [with] { return of_blocks(30, with); };
    co_yield open;
  }
}

TEST(Merge, ShardsThatWaitForTheirTurnLeaveTheFirstOneRoom) {
  real_run run;
  run.ceiling = std::make_shared<budget>(8 << 20);
  run.with.pool = std::make_shared<block_pool>(run.ceiling);
  stream s = merged(shards_of_blocks(20, &run.with), 20, &run.with);
  EXPECT_EQ(drain_texts(s).size(), 20u * 30u);
}

TEST(Merge, InAnyOrderLosesNothing) {
  real_run run;
  stream s = merged_any_order(shards(12, &run.with), 3, &run.with);
  auto got = drain_texts(s);
  auto expected = shard_texts(12);
  std::ranges::sort(got);
  std::ranges::sort(expected);
  EXPECT_EQ(got, expected);
}

TEST(Merge, InAnyOrderAnErrorShowsBehindAShardWithoutEnd) {
  const auto endless = [](const context* with) -> stream {
    for (;;) {
      batch out = test::lines_of("x\n", with->pool);
      co_yield out;
    }
  };
  const auto broken = []() -> stream {
    const bool drained = (co_await request).drain;
    if (!drained) throw std::runtime_error("broken");
  };
  const auto both = [=](const context* with) -> shard_openers {
    shard_opener open = [=] { return endless(with); };
    co_yield open;
    open = broken;
    co_yield open;
  };
  real_run run;
  stream s = merged_any_order(both(&run.with), 2, &run.with);
  const auto read = [&s] {
    for (int batches = 0; batches < 1'000'000 && s.next(pull{}) != nullptr; ++batches) {
    }
  };
  EXPECT_THROW(read(), std::runtime_error);
}

/// Shards of which one may be open at a time at first, and two once ten have ended.
shard_openers in_turns(std::size_t count, std::atomic<int>* open, std::atomic<int>* ended,
                       std::atomic<bool>* too_many, const context* with) {
  const auto one = [](std::atomic<int>* open, std::atomic<int>* ended,
                      const context* with) -> stream {
    batch out = test::lines_of("x\n", with->pool);
    co_yield out;
    ++*ended;
    --*open;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto most = [&] { return *ended < 10 ? 1 : 2; };
    shard_opener opener;
    while (*open >= most()) co_yield opener;
    if (++*open > 2) *too_many = true;
    opener = [=] { return one(open, ended, with); };
    co_yield opener;
  }
}

TEST(Merge, AListingThatBreaksOffIsAnErrorBehindTheShardsBeforeIt) {
  real_run run;
  const auto broken = [](std::size_t count, const context* with) -> shard_openers {
    auto good = shards(count, with);
    while (shard_opener* const next = good.next()) co_yield *next;
    throw std::runtime_error("broken");
  };
  std::vector<std::string> got;
  const auto read_all = [&got](stream& s) {
    got.clear();
    while (const batch* const b = s.next(pull{})) {
      for (const record& r : *b) got.emplace_back(r.text());
    }
  };
  for (const std::size_t count : {1U, 5U}) {
    stream ordered = merged(broken(count, &run.with), 2, &run.with);
    EXPECT_THROW(read_all(ordered), std::runtime_error);
    EXPECT_EQ(got, shard_texts(count));
    stream mixed = merged_any_order(broken(count, &run.with), 2, &run.with);
    EXPECT_THROW(read_all(mixed), std::runtime_error);
    EXPECT_EQ(got.size(), shard_texts(count).size());
  }
}

TEST(Merge, AnEmptyOpenerMeansNotNow) {
  real_run run;
  for (const bool any : {false, true}) {
    std::atomic<int> open = 0;
    std::atomic<int> ended = 0;
    std::atomic<bool> too_many = false;
    auto listing = in_turns(40, &open, &ended, &too_many, &run.with);
    stream s = any ? merged_any_order(std::move(listing), 8, &run.with)
                   : merged(std::move(listing), 8, &run.with);
    EXPECT_EQ(drain_texts(s).size(), 40u);
    EXPECT_FALSE(too_many);
  }
}

TEST(Merge, DrainEndsIt) {
  real_run run;
  const auto endless = [](const context* with) -> shard_openers {
    for (;;) {
      shard_opener open = [with] { return silent(with); };
      co_yield open;
    }
  };
  for (const bool any : {false, true}) {
    stream s = any ? merged_any_order(endless(&run.with), 3, &run.with)
                   : merged(endless(&run.with), 3, &run.with);
    EXPECT_NE(s.next(pull{.until = run.time.now()}), nullptr);
    while (s.next(pull{.drain = true}) != nullptr) {
    }
    EXPECT_TRUE(s.done());
  }
}

TEST(Head, ReadsNoMoreThanItNeeds) {
  real_run run;
  const stage_id id{first_rule, "head 3"};
  stream s =
      first_records(scripted({{0ms, "a\nb\n"}, {0ms, "c\nd\n"}, {1h, "e\n"}}, &run.with), 3, &id);
  EXPECT_EQ(drain_texts(s), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace weir
