#include <gtest/gtest.h>

#include "follow_at_work.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::gzipped;
using test::lines;

/// Logs of which nothing was there when weir looked last.
class FollowEmptyLogs : public test::follow_at_work {
 protected:
  /// The file that it was then, whatever became of that later.
  void end_of(const std::string& content, bool cut_off) {
    tree_.write("app.log", content);
    start("app.log");
    EXPECT_EQ(read().size(), 1u);
    if (cut_off) {
      std::filesystem::copy_file(tree_.path("app.log"), tree_.path("app.log.1"));
      written_at("app.log.1", 0);
    } else {
      rotate_as("app.log.1", 0);
    }
    tree_.write("app.log", "");
    EXPECT_EQ(read(), lines{});
    in_.time.advance(10s);
    EXPECT_EQ(read(), lines{});
  }
  /// It is rotated once more, and the one after is begun.
  void rotate_another(const std::string& content, const std::string& next, bool cut_off) {
    rename("app.log.1", "app.log.2");
    tree_.write("app.log", content);
    if (cut_off) {
      std::filesystem::copy_file(tree_.path("app.log"), tree_.path("app.log.1"));
      written_at("app.log.1", 10);
    } else {
      rotate_as("app.log.1", 10);
    }
    tree_.write("app.log", next);
  }
  void clear() {
    stop();
    forget();
    said_.clear();
    for (const char* name : {"app.log.1", "app.log.2", "app.log.2.gz"}) remove(name);
  }
};

INSTANTIATE_TEST_SUITE_P(Watching, FollowEmptyLogs, testing::Values(false),
                         [](const auto&) { return std::string{"inotify"}; });
INSTANTIATE_TEST_SUITE_P(Polling, FollowEmptyLogs, testing::Values(true),
                         [](const auto&) { return std::string{"poll"}; });

TEST_P(FollowEmptyLogs, WhatCameAndWentOfThemWhileWeirStoodStillIsRead) {
  for (const bool cut_off : {false, true}) {
    for (const bool compressed : {false, true}) {
      end_of("1\n", cut_off);
      stop();
      rotate_another("2\n", "3\n", cut_off);
      if (compressed) compress_rotated("app.log.2", "1\n");
      resume("app.log");
      EXPECT_EQ(read(), (lines{"2", "3"})) << cut_off << compressed;
      EXPECT_EQ(said_, lines{});
      clear();
    }
  }
}

TEST_P(FollowEmptyLogs, WhatCameAndWentOfThemIsReadThoughTheFileBeforeBeginsAlike) {
  for (const bool cut_off : {false, true}) {
    end_of("header\n", cut_off);
    stop();
    rotate_another("header\n2\n", "header\n3\n", cut_off);
    resume("app.log");
    EXPECT_EQ(read(), (lines{"header", "2", "header", "3"})) << cut_off;
    clear();
  }
}

TEST_P(FollowEmptyLogs, WhatCameAndWentOfThemAtOnceIsRead) {
  for (const bool cut_off : {false, true}) {
    end_of("1\n", cut_off);
    rotate_another("2\n", "3\n", cut_off);
    EXPECT_EQ(read(), (lines{"2", "3"})) << cut_off;
    clear();
  }
}

TEST_P(FollowEmptyLogs, WhatIsLeftIsReadAndTheRestMissedIfTheFileBeforeIsGone) {
  end_of("1\n", false);
  stop();
  rotate_another("2\n", "3\n", false);
  remove("app.log.2");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3"}));
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_NE(said_[0].find("may be lost"), said_[0].npos) << said_[0];
}

TEST_P(FollowEmptyLogs, NothingIsReadTwiceHoweverOftenWeirStops) {
  for (const bool cut_off : {false, true}) {
    end_of("1\n", cut_off);
    for (int runs = 0; runs < 3; ++runs) {
      stop();
      resume("app.log");
      EXPECT_EQ(read(), lines{}) << cut_off;
    }
    EXPECT_EQ(said_, lines{});
    clear();
  }
}

TEST_P(FollowEmptyLogs, NothingIsReadTwiceThatAGlobLedToUnderTheNameOfARotatedFile) {
  tree_.write("app.log", "1\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.2", 0);
  tree_.write("app.log.1", "2\n");
  written_at("app.log.1", 1);
  tree_.write("app.log", "");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2"}));
  in_.time.advance(10s);
  EXPECT_EQ(read(), lines{});
  rename("app.log.1", "app.log.2");
  EXPECT_EQ(read(), lines{});
  in_.time.advance(10s);
  EXPECT_EQ(read(), lines{});
  stop();
  tree_.write("app.log.2.gz", gzipped("2\n"));  // another inode
  written_at("app.log.2.gz", 1);
  remove("app.log.2");
  tree_.write("app.log", "3\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"3"}));
}

TEST_P(FollowEmptyLogs, OneThatGotTheInodeOfAFileThatWasReadBeginsAnew) {
  const std::string header(2000, 'x');
  for (int i = 0; i < 2; ++i) {
    tree_.write("app.log", header + "\n" + std::to_string(i) + "\n");
    if (i == 0) start("app*.log");
    EXPECT_EQ(read(), (lines{header, std::to_string(i)}));
    rotate_as("app.log." + std::to_string(9 - i), i);
    EXPECT_EQ(read(), lines{});
    in_.time.advance(10s);
    EXPECT_EQ(read(), lines{});
  }
  stop();
  rename("app.log.9", "app.log");
  tree_.write("app.log", "");
  resume("app.log");
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", header + "\n3\n4\n");
  EXPECT_EQ(read(), (lines{header, "3", "4"}));
}

TEST_P(FollowEmptyLogs, NothingIsBegunOnceWeirIsStoppedThatComesBehindACompressedFile) {
  end_of("1\n", false);
  stop();
  rotate_another("2\n", "3\n", false);
  compress_rotated("app.log.1", "2\n");
  in_.wake.stop();
  resume("app.log");
  EXPECT_TRUE(stream_->next({.until = in_.time.now(), .drain = false})->empty());
  EXPECT_EQ(stream_->next({.until = never, .drain = true}), nullptr);
  EXPECT_EQ(begun_, 1u) << "the one before";
  EXPECT_EQ(said_, lines{});
}

TEST_P(FollowEmptyLogs, TheStateKnowsOneFileOfALogThatWasReadToItsEnd) {
  tree_.write("app.log", "0\n");
  start("app.log");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(read(), lines{std::to_string(i)});
    rotate_as("app.log." + std::to_string(9 - i), i);
    EXPECT_EQ(read(), lines{});
    in_.time.advance(10s);
    EXPECT_EQ(read(), lines{});
    tree_.write("app.log", std::to_string(i + 1) + "\n");
  }
  stop();
  resume("app.log");
  EXPECT_EQ(state_.size(), 1u);
  EXPECT_EQ(read(), lines{"4"});
}

}  // namespace
}  // namespace weir
