#include "engine/shard_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "engine/state.hpp"
#include "unit/memory_disk.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string identity_of(std::uint64_t n) {
  return "8:" + std::to_string(n);
}
position place_of(std::uint64_t n) {
  return {.offset = n * 100, .number = n, .past_fault = n % 7 == 0};
}

table_row row_of(std::uint64_t n, std::uint64_t more = 0) {
  return {.key = key_of(identity_of(n)),
          .at = place_of(n + more),
          .parser_state = static_cast<std::uint16_t>(n % 5 * 4000),
          .ended = n % 3 == 0};
}

/// The shards first to last - 1, each read so far.
std::vector<table_row> rows(std::uint64_t first, std::uint64_t last, std::uint64_t more = 0) {
  std::vector<table_row> out;
  for (std::uint64_t n = first; n < last; ++n) {
    out.push_back(row_of(n, more));
  }
  std::ranges::sort(out, {}, &table_row::key);
  return out;
}

class shard_tables_test : public testing::Test {
 protected:
  shard_tables_test() { disk_.put("s/log", {}); }

  shard_tables opened() { return {disk_, "s", logged_}; }
  std::optional<position> found(std::uint64_t n) {
    const auto row = opened().find(key_of(identity_of(n)));
    return row ? std::optional(row->at) : std::nullopt;
  }
  void add(std::vector<table_row> some) {
    auto now = opened().add(std::move(some), logged_);
    ASSERT_TRUE(now);
    logged_ = std::move(*now);
    opened();
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const logged_table& t : logged_) {
      out.push_back(t.file + ": " + std::to_string(t.shards));
    }
    return out;
  }

  test::memory_disk disk_;
  std::vector<logged_table> logged_;
};

TEST_F(shard_tables_test, finds_every_shard_and_no_other) {
  for (const std::uint64_t size : {1u, 2u, 127u, 128u, 129u, 5000u}) {
    logged_.clear();
    add(rows(0, size));
    const shard_tables tables = opened();
    for (std::uint64_t n = 0; n < size; ++n) {
      ASSERT_EQ(tables.find(key_of(identity_of(n))), row_of(n)) << n << " of " << size;
    }
    for (std::uint64_t n = size; n < size + 3000; ++n) {
      ASSERT_EQ(tables.find(key_of(identity_of(n))), std::nullopt) << n << " of " << size;
    }
    EXPECT_EQ(tables.find({0, 0}), std::nullopt);
    EXPECT_EQ(tables.find({UINT64_MAX, UINT64_MAX}), std::nullopt);
  }
}

TEST_F(shard_tables_test, keys_that_are_unevenly_spread_are_found_too) {
  std::vector<table_row> some;
  for (std::uint64_t n = 0; n < 3000; ++n) some.push_back({.key = {n * n, n}, .at = place_of(n)});
  some.push_back({.key = {UINT64_MAX, UINT64_MAX}, .at = place_of(5)});
  add(some);
  const shard_tables tables = opened();
  for (const table_row& row : some) ASSERT_EQ(tables.find(row.key), row);
}

TEST_F(shard_tables_test, the_newest_row_of_a_shard_counts) {
  add(rows(0, 1000));
  add(rows(990, 1010, 5));
  EXPECT_THAT(files(), ElementsAre("shards-2: 20", "shards-1: 1000"));
  EXPECT_EQ(found(989), place_of(989));
  EXPECT_EQ(found(995), place_of(1000));
}

TEST_F(shard_tables_test, tables_of_like_size_become_one) {
  for (std::uint64_t n = 0; n < 4; ++n) add(rows(100 * n, 100 * n + 100));
  add(rows(0, 400, 1));
  EXPECT_THAT(files(), ElementsAre("shards-5: 400"));
  EXPECT_THAT(disk_.paths(), ElementsAre("s/log", "s/shards-5"));
  EXPECT_EQ(found(399), place_of(400));
}

TEST_F(shard_tables_test, what_a_crash_left_is_removed_and_harms_nothing) {
  add(rows(0, 100));
  disk_.put("s/shards-2", "half a tab");
  opened();
  EXPECT_THAT(disk_.paths(), ElementsAre("s/log", "s/shards-1"));
}

TEST_F(shard_tables_test, a_full_disk_puts_it_off_and_changes_nothing) {
  add(rows(0, 100));
  disk_.capacity_bytes = disk_.used_bytes() + 1000;
  const auto refused = opened().add(rows(100, 200), logged_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, delivery_error::kind::refused);
  EXPECT_EQ(found(99), place_of(99));
}

TEST_F(shard_tables_test, a_flipped_bit_of_any_byte_and_any_other_length_are_reported) {
  add(rows(0, 20));
  const std::string whole = disk_.text("s/shards-1");
  const auto expect_refused = [&](const std::string& broken) {
    disk_.put("s/shards-1", broken);
    try {
      opened();
      ADD_FAILURE() << "it was believed";
    } catch (const error& e) {
      EXPECT_THAT(e.what(), HasSubstr("s/shards-1: damaged"));
    }
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
    expect_refused(broken);
  }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    expect_refused(whole.substr(0, length));
  }
  expect_refused(whole + whole);
  EXPECT_TRUE(disk_.remove("s/shards-1"));
  EXPECT_THROW(opened(), error);
}

TEST_F(shard_tables_test, a_damaged_table_is_not_merged) {
  add(rows(0, 20));
  const shard_tables before = opened();
  std::string broken = disk_.text("s/shards-1");
  broken[100] ^= 1;
  disk_.put("s/shards-1", broken);
  EXPECT_THROW(static_cast<void>(before.add(rows(20, 40), logged_)), error);
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// A state on the real disk.
class many_shards : public testing::Test {
 protected:
  static constexpr std::uint64_t shards = 1'000'000;
  static constexpr std::uint64_t shards_a_commit = 2'000;

  many_shards() {
    directory_ = testing::TempDir() + "weir-state-XXXXXX";
    EXPECT_NE(::mkdtemp(directory_.data()), nullptr);
  }
  ~many_shards() override { std::filesystem::remove_all(directory_); }

  state opened() { return state({.directory = directory_, .plan = "a plan"}, *disk_); }
  static shard shard_of(std::uint64_t n) {
    return {.name = std::to_string(n), .identity = identity_of(n)};
  }
  static checkpoint commit_of(std::uint64_t first) {
    checkpoint c;
    for (std::uint64_t n = first; n < first + shards_a_commit; ++n) {
      const shard s = shard_of(n);
      c.shards.push_back({.id = shard_id(s.identity), .name = s.name, .at = place_of(n + 1)});
    }
    return c;
  }
  void expect_known(const state& s) const {
    for (std::uint64_t n = 0; n < shards; n += 41) {
      ASSERT_EQ(s.position_of(shard_of(n)), place_of(n + 1)) << n;
      ASSERT_EQ(s.position_of(shard_of(n + shards)), position{}) << n;
    }
  }

  std::string directory_;
  std::unique_ptr<disk> disk_ = real_disk();
};

TEST_F(many_shards, cost_little_memory_and_time) {
  const std::uint64_t before_bytes = peak_rss_bytes();
  {
    state s = opened();
    s.settle_on(0);
    s.begin_run({}, 0);
    for (std::uint64_t n = 0; n < shards; n += shards_a_commit) {
      ASSERT_TRUE(s.append(commit_of(n)));
      ASSERT_TRUE(s.committed());
    }
    EXPECT_EQ(s.position_of(shard_of(0)), position{}) << "it is as of the start of the run";
  }
  const auto opening = std::chrono::steady_clock::now();
  state s = opened();
  s.settle_on(s.last_entry());
  s.begin_run({}, 0);
  const std::chrono::duration<double> opened_in = std::chrono::steady_clock::now() - opening;
  expect_known(s);
  const std::uint64_t grown_bytes = peak_rss_bytes() - before_bytes;
  RecordProperty("opened_in_ms", static_cast<int>(opened_in.count() * 1000));
  RecordProperty("grown_MiB", static_cast<int>(grown_bytes >> 20));
  std::printf("1,000,000 shards: opened in %.3f s, %d MiB of memory\n", opened_in.count(),
              static_cast<int>(grown_bytes >> 20));
  EXPECT_LT(grown_bytes, 48u << 20);
  EXPECT_LT(opened_in.count(), 20.0) << "a machine that does much else";
}

}  // namespace
}  // namespace weir
