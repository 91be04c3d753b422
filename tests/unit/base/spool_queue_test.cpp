#include "base/spool_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/spool_reader.hpp"
#include "unit/memory_disk.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* owner = "0123456789abcdef0123456789abcdef";

spool_block block_of(std::string bytes, std::uint64_t records = 1) {
  return {.bytes = std::move(bytes), .records = records};
}

/// A disk and a clock that spools are opened on, one run after the other.
class spool_place_test {
 public:
  spool_place_test() { with_.files = &disk; }

  spool_queue& begin(std::uint64_t limit_bytes = 1 << 20) {
    return opened(limit_bytes).begin(with_), *queue;
  }
  spool_queue& resume(std::optional<spool_place> written, std::uint64_t limit_bytes = 1 << 20) {
    return opened(limit_bytes).resume(with_, owner, written), *queue;
  }
  spool_reader reader(spool_place from = {}) { return {*queue, disk, from}; }

  /// What the reader has at once.
  std::optional<std::string> next(spool_reader& from) {
    const auto room = [this](std::size_t bytes) {
      room_.resize(bytes);
      return room_.data();
    };
    if (from.next(time.now(), room) != received::item) return std::nullopt;
    return std::string{from.block()};
  }
  std::vector<std::string> segments() const {
    std::vector<std::string> all = disk.paths();
    std::erase_if(all, [](const std::string& path) { return path.ends_with("lock"); });
    return all;
  }

  test::memory_disk disk;
  virtual_clock time;
  std::optional<spool_queue> queue;

 private:
  spool_queue& opened(std::uint64_t limit_bytes) {
    return queue.emplace(spool_options{.directory = "sp", .limit_bytes = limit_bytes});
  }

  interrupt wake_;
  context with_{.pool = nullptr, .time = &time, .wake = &wake_};
  std::string room_;
};

void put(spool_queue& into, const std::vector<spool_block>& blocks) {
  ASSERT_TRUE(into.append(blocks));
}

TEST(Spool, GivesBlocksInTheirOrderAndThenItsEnd) {
  spool_place_test on;
  put(on.begin(), {block_of("one"), block_of(""), block_of("three", 7)});
  on.queue->end();
  spool_reader reader = on.reader();
  EXPECT_EQ(on.next(reader), "one");
  EXPECT_EQ(on.next(reader), "");
  EXPECT_EQ(on.next(reader), "three");
  EXPECT_EQ(reader.records(), 7u);
  EXPECT_EQ(reader.to(), on.queue->written());
  EXPECT_EQ(reader.next(never, {}), received::end);
}

TEST(Spool, ShowsWhatIsKeptOnlyOnceItIsDurable) {
  spool_place_test on;
  put(on.resume(std::nullopt), {block_of("one")});
  spool_reader reader = on.reader();
  EXPECT_EQ(on.next(reader), std::nullopt);
  ASSERT_TRUE(on.queue->sync());
  EXPECT_GT(on.disk.syncs, 0);
  on.queue->publish();
  EXPECT_EQ(on.next(reader), "one");
}

TEST(Spool, DeletesSegmentsWhoseBlocksHaveGoneOn) {
  spool_place_test on;
  spool_queue& queue = on.begin(8 * 1000);
  for (int i = 0; i < 5; ++i) put(queue, {block_of(std::string(900, 'x'))});
  EXPECT_THAT(on.segments(), SizeIs(5));
  spool_reader reader = on.reader();
  for (int i = 0; i < 3; ++i) on.next(reader);
  queue.release(reader.to());
  EXPECT_THAT(on.segments(), SizeIs(2));
  EXPECT_EQ(queue.close(), 2u);
  EXPECT_THAT(on.segments(), SizeIs(0));
}

TEST(Spool, HasNoRoomBeyondItsLimitUntilBlocksHaveGoneOn) {
  spool_place_test on;
  spool_queue& queue = on.begin(8 * 1000);
  while (queue.await_room(900, on.time.now())) put(queue, {block_of(std::string(900, 'x'))});
  EXPECT_LE(on.disk.used_bytes(), 8'000u);
  const time_point before = on.time.now();
  EXPECT_FALSE(queue.await_room(900, before + 5s));
  EXPECT_EQ(on.time.now(), before + 5s);
  spool_reader reader = on.reader();
  for (int i = 0; i < 2; ++i) on.next(reader);
  queue.release(reader.to());
  EXPECT_TRUE(queue.await_room(900, on.time.now()));
}

TEST(Spool, TakesABlockThatIsLargerThanItsLimitWhenNothingElseIsInIt) {
  spool_place_test on;
  spool_queue& queue = on.begin(100);
  ASSERT_TRUE(queue.await_room(1000, on.time.now()));
  put(queue, {block_of(std::string(1000, 'a'))});
  EXPECT_FALSE(queue.await_room(1, on.time.now()));
  spool_reader reader = on.reader();
  on.next(reader);
  queue.release(reader.to());
  ASSERT_TRUE(queue.await_room(1000, on.time.now()));
  put(queue, {block_of(std::string(1000, 'b'))});
  EXPECT_THAT(on.segments(), SizeIs(1));
  EXPECT_EQ(on.next(reader), std::string(1000, 'b'));
}

TEST(Spool, ThatIsFullOfWhatNobodyMaySeeYetAsksForACommit) {
  spool_place_test on;
  spool_queue& queue = on.resume(std::nullopt, 1000);
  put(queue, {block_of(std::string(2000, 'x'))});
  EXPECT_TRUE(queue.await_room(1, on.time.now()));
  EXPECT_TRUE(queue.wants_publishing());
  ASSERT_TRUE(queue.sync());
  queue.publish();
  EXPECT_FALSE(queue.wants_publishing());
  EXPECT_FALSE(queue.await_room(1, on.time.now()));
}

TEST(Spool, TakesAllOrNoneOfTheBlocksThatADiskHasNoRoomFor) {
  spool_place_test on;
  spool_queue& queue = on.begin();
  put(queue, {block_of("first")});
  const std::string before = on.disk.text(on.segments().front());
  on.disk.capacity_bytes = on.disk.used_bytes() + 60;
  const std::vector<spool_block> two{block_of("small"), block_of(std::string(100, 'x'))};
  const auto refused = queue.append(two);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_full_disk());
  EXPECT_EQ(on.disk.text(on.segments().front()), before);
  on.disk.capacity_bytes = UINT64_MAX;
  put(queue, two);
  spool_reader reader = on.reader();
  EXPECT_EQ(on.next(reader), "first");
  EXPECT_EQ(on.next(reader), "small");
  EXPECT_EQ(on.next(reader), std::string(100, 'x'));
}

TEST(Spool, RemovesWhatAKilledRunLeftThatNobodyWants) {
  spool_place_test on;
  on.disk.put("sp/spool-00000000000000000077", "weir sp");
  on.disk.put("sp/spool-notes.txt", "the user's");
  put(on.begin(), {block_of("one")});
  on.begin();
  EXPECT_THAT(on.segments(), ElementsAre("sp/spool-notes.txt"));
}

TEST(Spool, RefusesAFileOfItsNameThatIsNotItsOwn) {
  spool_place_test on;
  on.disk.put("sp/spool-00000000000000000000", std::string(200, 'x'));
  EXPECT_THROW(on.begin(), error);
  EXPECT_TRUE(on.disk.has("sp/spool-00000000000000000000"));
}

TEST(Spool, RefusesWhatBelongsToAnotherState) {
  spool_place_test on;
  put(on.resume(std::nullopt), {block_of("one")});
  const auto written = on.queue->sync();
  ASSERT_TRUE(written);
  EXPECT_THROW(on.begin(), error);
  EXPECT_THROW(on.resume(std::nullopt), error);
  EXPECT_NO_THROW(on.resume(*written));
  on.disk.put("sp/spool-00000000000000000000",
              text_of(segment_heading{.kept = true, .owner = std::string(32, 'f'), .base = {}}));
  EXPECT_THROW(on.resume(*written), error);
}

TEST(Spool, SaysWhenItHoldsLessThanTheStateKnowsOf) {
  spool_place_test on;
  put(on.resume(std::nullopt), {block_of("one"), block_of("two")});
  const auto written = on.queue->sync();
  ASSERT_TRUE(written);
  const std::string path = on.segments().front();
  const std::string text = on.disk.text(path);
  on.disk.put(path, text.substr(0, text.size() - 1));
  on.resume(*written);
  EXPECT_THROW(on.reader(), error);
  EXPECT_TRUE(on.disk.has(path));
  on.disk.put(path, text);
  on.resume(*written);
  EXPECT_NO_THROW(on.reader());
  ASSERT_TRUE(on.disk.remove(path));
  on.resume(*written);
  EXPECT_THROW(on.reader(), error);
}

/// Whether a spool with this file is refused, or one of its blocks.
bool is_noticed(spool_place_test& on, const spool_place& written) {
  try {
    on.resume(written);
    spool_reader reader = on.reader();
    while (on.next(reader)) continue;
    return false;
  } catch (const error& e) {
    EXPECT_THAT(e.what(), HasSubstr("sp"));
    return true;
  }
}

TEST(Spool, A4_31_NoticesEverySingleBitThatChanged) {
  spool_place_test on;
  put(on.resume(std::nullopt), {block_of("first block", 3), block_of(""), block_of("the third")});
  const auto written = on.queue->sync();
  ASSERT_TRUE(written);
  const std::string path = on.segments().front();
  const std::string whole = on.disk.text(path);
  ASSERT_FALSE(is_noticed(on, *written));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    on.disk.put(path, damaged);
    ASSERT_TRUE(is_noticed(on, *written)) << "bit " << bit;
  }
}

/// A spool and what it should be: what was put in and not yet committed goes with a crash, what was
/// committed stays until what took it has committed as well.
class modelled_spool {
 public:
  explicit modelled_spool(std::uint32_t seed) : random_(seed) { open(); }

  void step() {
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2:
        return put_some();
      case 3:
        return commit();
      case 4:
      case 5:
        return take();
      case 6:
        return release();
      default:
        return random_() % 3 == 0 ? crash() : void();
    }
  }
  void drain() {
    commit();
    while (taken_ < committed_) take();
    release();
    RC_ASSERT(on_.queue->close() == 0u);
    RC_ASSERT(on_.segments().empty());
  }

 private:
  void open() {
    on_.resume(started_ ? std::optional(written_) : std::nullopt, 20'000);
    started_ = true;
    reader_.emplace(on_.reader(released_));
    taken_ = released_count_;
  }
  void put_some() {
    std::vector<spool_block> blocks;
    for (auto n = random_() % 4; n > 0; --n) {
      std::string bytes(random_() % 1500, ' ');
      for (char& c : bytes) c = static_cast<char>(random_());
      blocks.push_back(block_of(bytes, random_() % 5));
      blocks_.push_back(bytes);
    }
    RC_ASSERT(on_.queue->append(blocks).has_value());
  }
  void commit() {
    written_ = *on_.queue->sync();
    on_.queue->publish();
    committed_ = blocks_.size();
  }
  void take() {
    const auto got = on_.next(*reader_);
    RC_ASSERT(got.has_value() == (taken_ < committed_));
    if (got) RC_ASSERT(*got == blocks_[taken_++]);
  }
  void release() {
    released_ = reader_->to();
    released_count_ = taken_;
    on_.queue->release(released_);
  }
  void crash() {
    reader_.reset();
    on_.queue.reset();
    on_.disk.crash(random_);
    blocks_.resize(committed_);
    open();
  }

  std::mt19937_64 random_;
  spool_place_test on_;
  std::optional<spool_reader> reader_;
  bool started_ = false;
  spool_place written_;
  spool_place released_;
  std::size_t released_count_ = 0;
  std::vector<std::string> blocks_;
  std::size_t committed_ = 0;
  std::size_t taken_ = 0;
};

RC_GTEST_PROP(Spool, gives_what_was_put_in_through_any_steps_and_power_failures, ()) {
  modelled_spool spool(*rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < 200; ++i) spool.step();
  spool.drain();
}

}  // namespace
}  // namespace weir
