#include "source/follow.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include <array>
#include <filesystem>
#include <span>
#include <string>

#include "follow_at_work.hpp"
#include "gzipped.hpp"
#include "record/line_groups.hpp"
#include "unit/contract.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::file_tree;
using test::following;
using test::gzipped;
using test::lines;
using test::surroundings;

class Follow : public test::follow_at_work {};

INSTANTIATE_TEST_SUITE_P(Watching, Follow, testing::Values(false),
                         [](const auto&) { return std::string{"inotify"}; });
INSTANTIATE_TEST_SUITE_P(Polling, Follow, testing::Values(true),
                         [](const auto&) { return std::string{"poll"}; });

TEST_P(Follow, ReadsWhatIsThereAndThenWhatComes) {
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "3\n");
  EXPECT_EQ(read(), (lines{"3"}));
  tree_.append("app.log", "4\n5\n");
  const auto last = records();
  ASSERT_EQ(last.size(), 2u);
  EXPECT_EQ(last[1].number, 5u);
  EXPECT_EQ(last[1].offset, 8u);
}

TEST_P(Follow, LeavesALineUnreadUntilItsEndIsWritten) {
  tree_.write("app.log", "1\nhal");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", "f");
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "\n2");
  EXPECT_EQ(read(), (lines{"half"}));
  EXPECT_EQ(stream_->next({.until = never, .drain = true}), nullptr);
  EXPECT_EQ(at_.begin()->second, (position{7, 2}));
}

TEST_P(Follow, ReadsARenamedFileToItsEndBeforeItsSuccessor) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", "2\n");
  rename("app.log", "app.log.1");
  tree_.write("app.log", "3\n");
  EXPECT_EQ(read(), (lines{"2", "3"}));
  tree_.append("app.log", "4\n");
  EXPECT_EQ(read(), (lines{"4"}));
}

TEST_P(Follow, TakesLateLinesOfARenamedFileAndAtLastItsUnterminatedOne) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  rename("app.log", "app.log.1");
  tree_.write("app.log", "new\n");
  EXPECT_EQ(read(), (lines{"new"}));
  tree_.append("app.log.1", "late\nlast");
  EXPECT_EQ(read(), (lines{"late"}));
  in_.time.advance(5s);
  EXPECT_EQ(read(), (lines{"last"}));
  in_.time.advance(10s);
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log.1", " too late\n");
  EXPECT_EQ(read(), lines{});
}

TEST_P(Follow, BeginsAgainWhenAFileIsCutOff) {
  tree_.write("app.log", "old 1\nold 2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"old 1", "old 2"}));
  tree_.write("app.log", "new\n");
  const auto cut = records();
  ASSERT_EQ(test::texts(cut), (lines{"new"}));
  EXPECT_EQ(cut[0].number, 1u);
  EXPECT_EQ(at_.size(), 2u) << "it is another shard now";
  tree_.write("app.log", "");
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "newer\n");
  EXPECT_EQ(read(), (lines{"newer"}));
}

TEST_P(Follow, NoticesThatAFileWasCutOffThoughItIsLongerNow) {
  tree_.write("app.log", "old\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"old"}));
  tree_.write("app.log", "a longer line than before\nand one more\n");
  EXPECT_EQ(read(), (lines{"a longer line than before", "and one more"}));
}

TEST_P(Follow, KeepsShardsApartWhoseFilesBeginWithTheSameLine) {
  tree_.write("app.log", "header\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"header"}));
  tree_.append("app.log", "1\n");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.write("app.log", "header\n");
  EXPECT_EQ(read(), (lines{"header"}));
  EXPECT_EQ(at_.size(), 2u);
}

TEST_P(Follow, ReadsADeletedFileToItsEndAndTheNextOneOfThatName) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", "2\nunended");
  std::filesystem::remove(tree_.path("app.log"));
  EXPECT_EQ(read(), (lines{"2"}));
  in_.time.advance(5s);
  EXPECT_EQ(read(), (lines{"unended"}));
  tree_.write("app.log", "3\n");
  EXPECT_EQ(read(), (lines{"3"}));
}

TEST_P(Follow, WaitsForAFileThatIsNotThereYet) {
  start("app.log");
  EXPECT_EQ(read(), lines{});
  tree_.write("app.log", "1\n");
  EXPECT_EQ(read(), (lines{"1"}));
}

TEST_P(Follow, TakesUpNewFilesThatMatchItsGlob) {
  tree_.write("logs/a.log", "a1\n");
  start("logs/**/*.log");
  EXPECT_EQ(read(), (lines{"a1"}));
  tree_.write("logs/b.log", "b1\n");
  tree_.write("logs/b.txt", "never\n");
  EXPECT_EQ(read(), (lines{"b1"}));
  std::filesystem::create_directory(tree_.path("logs/sub"));
  EXPECT_EQ(read(), lines{});
  tree_.write("logs/sub/c.log", "c1\n");
  EXPECT_EQ(read(), (lines{"c1"}));
  tree_.append("logs/a.log", "a2\n");
  EXPECT_EQ(read(), (lines{"a2"}));
}

TEST_P(Follow, ReadsNoRecordTwiceWhenARotatedFileStillMatchesItsGlob) {
  tree_.write("app.log", "1\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
  for (int day = 1; day <= 3; ++day) {
    rename("app.log", "app.log." + std::to_string(day));
    tree_.write("app.log", "day " + std::to_string(day) + "\n");
    EXPECT_EQ(read(), (lines{"day " + std::to_string(day)}));
    in_.time.advance(20s);
    EXPECT_EQ(read(), lines{});
  }
}

TEST_P(Follow, BeginsAtTheEndOfTheLastLineWhenAskedTo) {
  tree_.write("app.log", "old\nhalf");
  start("app.log", true);
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", " done\nnew\n");
  EXPECT_EQ(read(), (lines{"half done", "new"}));
  rename("app.log", "app.log.1");
  tree_.write("app.log", "from the start\n");
  EXPECT_EQ(read(), (lines{"from the start"}));
}

TEST_P(Follow, ReadsTheFirstLinesOfAFileThatWasEmptyWhenItBeganAtItsEnd) {
  tree_.write("app.log", "");
  start("app.log", true);
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "1\n2\n");
  EXPECT_EQ(read(), (lines{"1", "2"}));
}

TEST_P(Follow, BeginsAtTheEndOnlyAtItsFirstStart) {
  for (const char* followed : {"app.log", "*.log"}) {
    tree_.write("app.log", "old\n");
    start(followed, true);
    EXPECT_EQ(read(), lines{});
    tree_.append("app.log", "1\n");
    EXPECT_EQ(read(), (lines{"1"}));
    stop();
    tree_.append("app.log", "2\n");
    rotate_as("app.log.2", 0);
    tree_.write("app.log", "3\n");
    rotate_as("app.log.1", 1);
    tree_.write("app.log", "4\n");
    resume("app.log");
    EXPECT_EQ(read(), (lines{"2", "3", "4"})) << followed;
    tree_.append("app.log", "5\n");
    EXPECT_EQ(read(), (lines{"5"})) << followed;
    stop();
    forget();
    for (const char* name : {"app.log.1", "app.log.2"}) remove(name);
  }
}

TEST_P(Follow, BeginsAtTheEndOnlyAtItsFirstStartThoughNoFileIsLeftOfIt) {
  for (const bool ended : {true, false}) {
    for (const char* followed : {"app.log", "app*.log"}) {
      if (ended) tree_.write("app.log", "old\n");
      start(followed, true);
      EXPECT_EQ(read(), lines{});
      if (ended) {
        rename("app.log", "app.log.1");
        EXPECT_EQ(read(), lines{});
        in_.time.advance(10s);
        EXPECT_EQ(read(), lines{});
      }
      stop();
      tree_.write("app.log", "1\n");
      resume("app.log");
      EXPECT_EQ(read(), lines{"1"}) << followed;
      stop();
      tree_.append("app.log", "2\n");
      resume("app.log");
      EXPECT_EQ(read(), lines{"2"}) << followed;
      stop();
      forget();
      remove("app.log");
    }
  }
}

TEST_P(Follow, ReadsAFileFromItsBeginningThatWasCutOffAfterItBeganAtItsEnd) {
  tree_.write("app.log", "old\n");
  start("app.log", true);
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "1\n");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  tree_.write("app.log.1", "old\n1\n2\n");
  tree_.write("app.log", "3\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3"}));
}

TEST_P(Follow, PassesOverCompressedFiles) {
  tree_.write("app.log", "1\n");
  tree_.write("app.log.1.gz", "\x1f\x8b\x08 whatever\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
}

TEST_P(Follow, ReadsLongLinesAndMuchOfThem) {
  std::string content = std::string(700'000, 'x') + "\n";
  for (int i = 0; i < 100'000; ++i) content += "line " + std::to_string(i) + "\n";
  tree_.write("app.log", content.substr(0, 300'000));
  start("app.log");
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", content.substr(300'000));
  const auto all = read();
  ASSERT_EQ(all.size(), 100'001u);
  EXPECT_EQ(all[0].size(), 700'000u);
  EXPECT_EQ(all.back(), "line 99999");
}

TEST_P(Follow, GoesOnWhereAnEarlierRunStoppedThoughTheFileWasRotated) {
  tree_.write("app.log", "1\n2\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stream_.reset();
  tree_.append("app.log", "3\n");
  rotate_as("app.log.1", 0);
  tree_.write("app.log", "4\n");
  stream_.emplace(source_->open(in_.with, test::resume_from(at_)));
  EXPECT_EQ(read(), (lines{"3", "4"}));
}

TEST_P(Follow, ReadsAFileThatWasRenamedWhileItStoodStillBeforeItsSuccessor) {
  for (const char* followed : {"app.log", "app.log*"}) {
    tree_.write("app.log", "1\n2\n");
    start(followed);
    EXPECT_EQ(read(), (lines{"1", "2"}));
    stop();
    tree_.append("app.log", "3\nlast");
    rename("app.log", "app.log.1");
    tree_.write("app.log", "4\n");
    resume("app.log");
    EXPECT_EQ(read(), (lines{"3", "4"})) << followed;
    in_.time.advance(5s);
    EXPECT_EQ(read(), (lines{"last"})) << followed;
    stop();
    remove("app.log.1");
    resume("app.log");
    EXPECT_EQ(read(), lines{});
    EXPECT_EQ(said_, lines{}) << "it was read to its end";
    stop();
    forget();
  }
}

TEST_P(Follow, ReadsTheRestOfAFileOutOfItsCompressedForm) {
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stop();
  compress("app.log", "1\n2\n3\nlast");
  tree_.write("app.log", "4\n");
  resume("app.log");
  const auto rest = records();
  ASSERT_EQ(test::texts(rest), (lines{"3", "last", "4"}));
  EXPECT_EQ(rest[0].number, 3u);
  EXPECT_EQ(rest[0].offset, 4u);
  EXPECT_EQ(at_.size(), 2u) << "it is the same shard";
  stop();
  remove("app.log.gz");
  resume("app.log");
  EXPECT_EQ(read(), lines{});
  EXPECT_EQ(said_, lines{});
}

TEST_P(Follow, GoesOnInACompressedFormThatItLeftInTheMiddle) {
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += "line " + std::to_string(i) + "\n";
  tree_.write("app.log", content.substr(0, 2000));
  start("app.log");
  auto all = read();
  stop();
  compress("app.log", content);
  for (int runs = 0; runs < 20 && all.size() < 200'000; ++runs) {
    resume("app.log");
    test::seen_records some;
    for (int i = 0; i < 2 || (some.empty() && i < 100); ++i)
      test::note(*stream_->next({.until = in_.time.now() + 1s, .drain = false}), some, at_);
    EXPECT_EQ(stream_->next({.until = never, .drain = true}), nullptr);
    stop();
    for (const auto& r : some) all.push_back(r.raw);
  }
  ASSERT_EQ(all.size(), 200'000u);
  for (int i = 0; i < 200'000; ++i)
    ASSERT_EQ(all[static_cast<std::size_t>(i)], "line " + std::to_string(i));
}

TEST_P(Follow, TakesTheCopyThatReachesToWhereItWasAmongThoseThatBeginAlike) {
  tree_.write("app.log", "header\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"header"}));
  tree_.append("app.log", "1\n2\n");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stop();
  remove("app.log");
  tree_.write("app.log.1.gz", gzipped("header\n1\n2\n3\n"));
  tree_.write("app.log.2.gz", gzipped("header\nx\n"));
  tree_.write("other.gz", gzipped("header\n1\n2\nno\n"));
  tree_.write("app.log.3.gz", gzipped("another\n1\n2\nno\n"));
  resume("app.log");
  EXPECT_EQ(read(), (lines{"3"}));
}

/// The first lines of each file of a log: more than its identity is made of.
const std::string header = "#Fields: " + std::string(3000, 'x') + "\n";

TEST_P(Follow, TellsCompressedFilesApartThatBeginAlike) {
  for (const bool runs : {false, true}) {
    for (const bool gone : {false, true}) {
      tree_.write("app.log", header);
      start("app.log");
      EXPECT_EQ(read().size(), 1u);
      tree_.append("app.log", "5\n2\n");
      EXPECT_EQ(read(), (lines{"5", "2"}));
      if (!runs) stop();
      for (int i = 9; i > 0; --i) {
        const auto first = std::to_string(i);
        const std::string name = "app.log." + first;
        // Those above 5 were rotated before it was there.
        const std::string content = header + first + "\n2\n3\n";
        tree_.write(i == 5 ? "app.log" : name, content);
        if (i == 5) rename("app.log", name);
        written_at(name, i > 5 ? -i : 4000 - i);
        compress_rotated(name, content);
      }
      if (gone) remove("app.log.5.gz");
      tree_.write("app.log", header + "now\n");
      if (!runs) resume("app.log");
      auto seen = read();
      std::erase_if(seen, [](const std::string& line) { return line + "\n" == header; });
      lines expected{"3", "4", "2", "3", "3", "2", "3", "2", "2", "3", "1", "2", "3", "now"};
      if (gone && !runs) expected = {"now"};
      EXPECT_EQ(seen, expected) << runs << gone;
      EXPECT_EQ(source_->why_unreadable().size(), gone ? 1u : 0u);
      stop();
      forget();
      for (int i = 9; i > 0; --i) remove("app.log." + std::to_string(i) + ".gz");
    }
  }
}

TEST_P(Follow, GoesOnInTheOldestOfFilesThatBeginAlikeIfOnlyTheirBeginningWasRead) {
  tree_.write("app.log", header);
  start("app.log");
  EXPECT_EQ(read().size(), 1u);
  stop();
  for (const int count : {3, 2, 1}) {
    const std::string name = "app.log." + std::to_string(count);
    tree_.append("app.log", std::to_string(count) + "\n");
    rotate_as(name, 4000 - count);
    compress_rotated(name, header + std::to_string(count) + "\n");
    tree_.write("app.log", header);
  }
  resume("app.log");
  auto seen = read();
  std::erase_if(seen, [](const std::string& line) { return line + "\n" == header; });
  EXPECT_EQ(seen, (lines{"3", "2", "1"}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, NoticesThatAFileWasCutOffThatBeginsAsBeforeAndIsLongerNow) {
  for (const bool runs : {true, false}) {
    tree_.write("app.log", header + "1\n2\n");
    start("app.log");
    EXPECT_EQ(read().size(), 3u);
    if (!runs) stop();
    if (!runs) tree_.write("app.log.1", header + "1\n2\n3\n");
    tree_.write("app.log", header + "a longer line than before\nand one more\n");
    if (!runs) resume("app.log");
    const auto seen = read();
    EXPECT_EQ(seen, (runs ? lines{header.substr(0, header.size() - 1), "a longer line than before",
                                  "and one more"}
                          : lines{"3", header.substr(0, header.size() - 1),
                                  "a longer line than before", "and one more"}));
    stop();
    if (runs) forget();
  }
  tree_.append("app.log", "again\n");
  resume("app.log");
  EXPECT_EQ(read(), lines{"again"});
  EXPECT_EQ(said_, lines{});
}

TEST_P(Follow, ReadsAFileFromItsBeginningThatHasTheInodeOfOneThatWasReadToItsEnd) {
  for (const char* second : {"longer than before\n2\n", "1\n2\n", "2\n", "2\n3\n"}) {
    // A glob may lead to a file that was read to its end: it does if what was read is the same.
    const bool is_same = std::string_view{second}.starts_with("1\n");
    const char* const followed = is_same ? "app.log" : "app*.log";
    tree_.write("app.log", header + "1\n");
    start(followed);
    EXPECT_EQ(read().size(), 2u);
    rename("app.log", "app.log.1");
    EXPECT_EQ(read(), lines{});
    in_.time.advance(10s);
    EXPECT_EQ(read(), lines{});
    stop();
    rename("app.log.1", "app.log");
    tree_.write("app.log", header + second);
    resume("app.log");
    lines seen = read();
    ASSERT_FALSE(seen.empty()) << second;
    EXPECT_EQ(seen.front() + "\n", header) << second;
    EXPECT_EQ(said_, lines{});
    stop();
    forget();
  }
}

TEST_P(Follow, ReadsTheCompressedFormOfAFileThatGaveItsInodeAwayBeforeAnyOfItWasRead) {
  tree_.write("app.log", header + "1\n");
  start("app.log");
  stream_->next({.until = in_.time.now(), .drain = false});
  ASSERT_EQ(begun_, 1u);
  stop();
  at_.clear();
  tree_.write("app.log.1.gz", gzipped(header + "1\n2\n"));
  tree_.write("app.log", header + "3\n4\n");  // has the inode still
  resume("app.log");
  auto seen = read();
  std::erase_if(seen, [](const std::string& line) { return line + "\n" == header; });
  EXPECT_EQ(seen, (lines{"1", "2", "3", "4"}));
}

TEST_P(Follow, ReadsTheCopyOfAFileThatWasCutOffMeanwhile) {
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stop();
  tree_.write("app.log.1", "1\n2\n3\n");
  tree_.write("app.log", "1\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"3", "1"}));
  stop();
  tree_.append("app.log", "again\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"again"}));
  EXPECT_EQ(said_, lines{});
}

TEST_P(Follow, ReadsAllThatWasRotatedWhileItStoodStillTheOldestFirst) {
  for (const auto& names : {std::array{"app.log.3", "app.log.2", "app.log.1"},
                            std::array{"app.log-20260101", "app.log-20260102", "app.log-20260103"},
                            std::array{"app-0101T01.log", "app-0101T02.log", "app-0101T03.log"}}) {
    for (const char* followed : {"app.log", "app*.log*"}) {
      tree_.write("app.log", "1\n");
      start(followed);
      EXPECT_EQ(read(), (lines{"1"}));
      stop();
      tree_.append("app.log", "2\n");
      rotate_as(names[0], 0);
      tree_.write("app.log", "3\n");
      rotate_as(names[1], 1);
      tree_.write("app.log", "4\n");
      rotate_as(names[2], 2);
      tree_.write("app.log", "5\n");
      resume("app.log");
      EXPECT_EQ(read(), (lines{"2", "3", "4", "5"})) << followed << ' ' << names[0];
      EXPECT_EQ(said_, lines{});
      stop();
      forget();
      for (const char* name : names) remove(name);
    }
  }
}

TEST_P(Follow, ReadsAllThatWasRotatedWhileNobodyAskedForRecords) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", "2\n");
  for (int i = 3; i <= 5; ++i) {
    if (i > 4) rename("app.log.2", "app.log.3");
    if (i > 3) rename("app.log.1", "app.log.2");
    rotate_as("app.log.1", i);
    tree_.write("app.log", std::to_string(i) + "\n");
  }
  EXPECT_EQ(read(), (lines{"2", "3", "4", "5"}));
  in_.time.advance(20s);
  EXPECT_EQ(read(), lines{});
}

TEST_P(Follow, ReadsCompressedFilesThatWereRotatedWhileItStoodStill) {
  tree_.write("app.log", "1\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  compress("app.log", "1\n2\n");
  rename("app.log.gz", "app.log.3.gz");
  tree_.write("app.log.2.gz", gzipped("3\nlast"));
  tree_.write("app.log.1", "4\n");
  tree_.write("app.log", "5\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3", "last", "4", "5"}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
  stop();
  rename("app.log.2.gz", "app.log.3.gz");
  resume("app.log");
  EXPECT_EQ(read(), lines{});
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, ReadsWhatWasRotatedBesideTheFileThatALinkLeadsTo) {
  for (const char* followed : {"links/web.log", "links/*.log"}) {
    tree_.write("links/other.txt", "");
    tree_.write("real/0.log", "1\n");
    std::filesystem::create_symlink("../real/0.log", tree_.path("links/web.log"));
    start(followed);
    EXPECT_EQ(read(), (lines{"1"})) << followed;
    stop();
    tree_.append("real/0.log", "2\n");
    rename("real/0.log", "real/0.log.20260101-120000");
    tree_.write("real/0.log.20260102-120000.gz", gzipped("3\n"));
    tree_.write("real/0.log", "4\n");
    resume("links/web.log");
    EXPECT_EQ(read(), (lines{"2", "3", "4"})) << followed;
    EXPECT_EQ(source_->why_unreadable(), lines{});
    stop();
    forget();
    for (const char* name : {"links/web.log", "real/0.log", "real/0.log.20260101-120000",
                             "real/0.log.20260102-120000.gz"})
      remove(name);
  }
}

TEST_P(Follow, ReadsFilesThatWereRotatedAndCompressedBetweenTwoLooksTheOldestFirst) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  rotate_as("app.log.3", 0);
  compress_rotated("app.log.3", "1\n");
  tree_.write("app.log", "2\n");
  rotate_as("app.log.2", 1);
  compress_rotated("app.log.2", "2\n");
  tree_.write("app.log", "3\n");
  written_at("app.log", 2);
  EXPECT_EQ(read(), (lines{"2", "3"}));
}

TEST_P(Follow, ReadsCompressedFilesBeforeThoseWhoseCompressionIsDelayed) {
  for (const bool runs : {false, true}) {
    tree_.write("app.log", "1\n");
    start("app.log");
    EXPECT_EQ(read(), (lines{"1"}));
    if (!runs) stop();
    tree_.append("app.log", "2\n");
    rotate_as("app.log.4", 0);
    for (const int count : {3, 2, 1}) {
      tree_.write("app.log", std::to_string(6 - count) + "\n");
      rotate_as("app.log." + std::to_string(count), 6 - count);
    }
    compress_rotated("app.log.3", "3\n");
    compress_rotated("app.log.2", "4\n");
    tree_.write("app.log", "6\n");
    written_at("app.log", 1);  // somebody went on writing to the one before
    if (!runs) resume("app.log");
    EXPECT_EQ(read(), (lines{"2", "3", "4", "5", "6"}));
    stop();
    forget();
    for (const char* name : {"app.log.4", "app.log.3.gz", "app.log.2.gz", "app.log.1"})
      remove(name);
  }
}

TEST_P(Follow, GoesOnInCompressedFilesThatItHadBegunTheOldestFirst) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.9", 0);
  lines expected{"now"};
  for (int count = 1; count < 9; ++count) {
    const std::string name = "app.log." + std::to_string(count);
    expected.insert(expected.begin(), "of " + name);
    tree_.write(name, expected.front() + "\n");
    written_at(name, 9 - count);
    compress_rotated(name, expected.front() + "\n");
  }
  tree_.write("app.log", "now\n");
  resume("app.log");
  stream_->next({.until = in_.time.now(), .drain = false});
  stop();
  ASSERT_EQ(begun_, 10u);
  resume("app.log");
  EXPECT_EQ(read(), expected);
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, ReadsACopyThatIsRenamedBeforeItsTurn) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.3", 0);
  compress_rotated("app.log.3", "1\n2\n");
  for (const int count : {2, 1}) {
    tree_.write("app.log", std::to_string(5 - count) + "\n");
    rotate_as("app.log." + std::to_string(count), 5 - count);
    compress_rotated("app.log." + std::to_string(count), std::to_string(5 - count) + "\n");
  }
  tree_.write("app.log", "5\n");
  resume("app.log");
  auto seen = test::texts(test::read_all(*stream_, in_, at_, 1));
  for (const char* count : {"3", "2", "1"})
    rename("app.log." + std::string{count} + ".gz",
           "app.log." + std::to_string(count[0] - '0' + 1) + ".gz");
  for (std::string& line : read()) seen.push_back(std::move(line));
  EXPECT_EQ(seen, (lines{"2", "3", "4", "5"}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, PassesOverACompressedFileThatIsBeingMade) {
  tree_.write("app.log", "1\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rename("app.log", "app.log.2");
  tree_.write("app.log.1", "2\n3\n");
  tree_.write("app.log.1.gz", gzipped("2\n3\n").substr(0, 15));
  tree_.write("app.log", "4\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3", "4"}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, ReadsACopyThatIsBeingCompressedWhereItIsWhole) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  tree_.write("app.log.1", "1\n2\n3\n");
  tree_.write("app.log.1.gz", gzipped("1\n2\n3\n").substr(0, 15));
  written_at("app.log.1.gz", 4000);
  written_at("app.log.1", 4001);
  tree_.write("app.log", "4\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3", "4"}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

TEST_P(Follow, ReadsTheCopiesOfAFileThatWasCutOffTwiceMeanwhile) {
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stop();
  tree_.write("app.log.2", "1\n2\n3\n");
  tree_.write("app.log.1", "4\n");
  tree_.write("app.log", "5\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"3", "4", "5"}));
}

TEST_P(Follow, ReadsTheCopiesOfAFileThatWasCutOffTwiceBetweenTwoLooks) {
  for (const bool compressed : {false, true}) {
    tree_.write("app.log", "1\n2\n");
    start("app.log");
    EXPECT_EQ(read(), (lines{"1", "2"}));
    tree_.write("app.log.2", "1\n2\n3\n");
    written_at("app.log.2", 4000);
    tree_.write("app.log.1", "4\n");
    written_at("app.log.1", 4001);
    if (compressed) {
      compress_rotated("app.log.2", "1\n2\n3\n");
      compress_rotated("app.log.1", "4\n");
    }
    tree_.write("app.log", "5\n");
    EXPECT_EQ(read(), (lines{"3", "4", "5"}));
    tree_.write("app.log.0", "5\n6\n");
    tree_.write("app.log", "");
    EXPECT_EQ(read(), (lines{"6"}));
    tree_.append("app.log", "7\n");
    EXPECT_EQ(read(), (lines{"7"}));
    EXPECT_EQ(source_->why_unreadable(), lines{});
    stop();
    resume("app.log");
    EXPECT_EQ(read(), lines{});
    stop();
    forget();
    for (const char* name : {"app.log.0", "app.log.1", "app.log.2"})
      std::filesystem::remove(
          tree_.path(name + std::string(compressed && name[8] != '0' ? ".gz" : "")));
  }
}

TEST_P(Follow, SaysWhatWasCutOffUnread) {
  tree_.write("app.log", "1\nhalf");
  start("app.log");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.write("app.log", "2\n");
  EXPECT_EQ(read(), (lines{"2"}));
  tree_.write("app.log", "");
  EXPECT_EQ(read(), lines{});
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_NE(said_[0].find("byte 2 (line 1); the 4 bytes"), said_[0].npos) << said_[0];
  EXPECT_EQ(source_->why_unreadable(), said_);
}

TEST_P(Follow, SaysThatACountIsMissingAmongRotatedFiles) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.4", 0);
  tree_.write("app.log.2", "3\n");
  tree_.write("app.log", "5\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"3", "5"}));
  ASSERT_EQ(said_.size(), 2u);
  EXPECT_NE(said_[0].find(tree_.path("app.log.3") + " is missing"), said_[0].npos) << said_[0];
  EXPECT_NE(said_[1].find(tree_.path("app.log.1") + " is missing"), said_[1].npos) << said_[1];
  EXPECT_EQ(source_->why_unreadable(), said_);
}

TEST_P(Follow, SaysThatTheLatestRotatedFilesMayBeMissing) {
  tree_.write("app.log.20260101", "a date is no count\n");
  written_at("app.log.20260101", 0);
  for (const bool compressed : {false, true}) {
    tree_.write("app.log", "1\n");
    start("app.log");
    EXPECT_EQ(read(), (lines{"1"}));
    stop();
    if (compressed) {
      compress("app.log", "1\n2\n");
      rename("app.log.gz", "app.log.2.gz");
    } else {
      tree_.append("app.log", "2\n");
      rename("app.log", "app.log.2");
    }
    tree_.write("app.log", "5\n");
    resume("app.log");
    EXPECT_EQ(read(), (lines{"2", "5"}));
    ASSERT_EQ(said_.size(), 1u);
    EXPECT_NE(said_[0].find(tree_.path("app.log.1") + " may be missing"), said_[0].npos);
    EXPECT_EQ(source_->why_unreadable(), said_);
    stop();
    forget();
    said_.clear();
    remove(compressed ? "app.log.2.gz" : "app.log.2");
  }
}

TEST_P(Follow, SaysThatTheLatestRotatedFilesAreMissingWhereAnOlderOneHasALargerCount) {
  tree_.write("app.log.99", "0\n");
  written_at("app.log.99", 0);
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.98", 1);
  tree_.write("app.log", "5\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"5"}));
  ASSERT_EQ(said_.size(), 1u);
  const std::string range = tree_.path("app.log.1") + " to " + tree_.path("app.log.97");
  EXPECT_NE(said_[0].find(range), said_[0].npos) << said_[0];
  EXPECT_NE(said_[0].find(" are missing"), said_[0].npos) << said_[0];
}

TEST_P(Follow, MissesNothingOfALogWhoseCountsRunUp) {
  tree_.write("app.log.6", "0\n");
  written_at("app.log.6", 0);
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.7", 1);
  tree_.write("app.log", "2\n");
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2"}));
  EXPECT_EQ(said_, lines{});
}

TEST_P(Follow, DoubtsOnceThatAllIsThereOfALogOfWhichOneRotatedFileIsKept) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  resume("app.log");
  for (int rotations = 2; rotations < 5; ++rotations) {
    rename("app.log", "app.log." + std::to_string(rotations));
    tree_.write("app.log", std::to_string(rotations) + "\n");
    EXPECT_EQ(read(), lines{std::to_string(rotations)});
    in_.time.advance(20s);
    EXPECT_EQ(read(), lines{});
    remove("app.log." + std::to_string(rotations));
  }
  EXPECT_EQ(said_.size(), 1u);
}

TEST_P(Follow, ReadsWhatIsLeftWhenTheFileThatItWasIsGoneThatCameBeforeIt) {
  in_.with.say = [this](const std::string& what) { said_.push_back(what); };
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", "2\n");
  written_at("app.log", 0);
  remove("app.log");
  tree_.write("app.log.2", "4\n");
  tree_.write("app.log.1", "5\n");
  written_at("app.log.2", 1);
  tree_.write("app.log", "6\n");
  EXPECT_EQ(read(), (lines{"2", "4", "5", "6"}));
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_NE(said_[0].find("may be lost"), said_[0].npos) << said_[0];
}

TEST_P(Follow, LeavesOtherLogsAloneThatAreCalledLikeRotatedFiles) {
  for (const bool removed : {false, true}) {
    tree_.write("worker.log", "1\n");
    tree_.write("worker.2.log", "of another\n");
    start("worker.log");
    EXPECT_EQ(read(), (lines{"1"}));
    if (removed)
      remove("worker.log");
    else
      rename("worker.log", "worker.log.1");
    tree_.write("worker.log", "2\n");
    tree_.append("worker.2.log", "and another\n");
    EXPECT_EQ(read(), (lines{"2"}));
    forget();
  }
}

TEST_P(Follow, ReadsNothingTwiceOfAFileThatSomebodyGoesOnWritingTo) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  rename("app.log", "app.log.1");
  tree_.write("app.log", "2\n");
  EXPECT_EQ(read(), (lines{"2"}));
  for (int waits = 0; waits < 2; ++waits) {
    in_.time.advance(20s);
    EXPECT_EQ(read(), lines{});
  }
  rename("app.log.1", "app.log.2");
  rename("app.log", "app.log.1");
  tree_.write("app.log", "3\n");
  tree_.append("app.log.2", "too late\n");
  EXPECT_EQ(read(), (lines{"3"}));
}

TEST_P(Follow, KeepsWhatItHasBegunInOneEntry) {
  tree_.write("a.log", "1\n");
  tree_.write("b.log", "half a line");
  tree_.write("c.log", "");
  tree_.write("d.gz", gzipped("1\n"));
  start("*");
  resume("a.log");
  EXPECT_EQ(read(), (lines{"1"}));
  EXPECT_EQ(kept_, (std::vector<lines>{{tree_.path("a.log"), tree_.path("b.log")}}));
  tree_.write("c.log", "2\n");
  EXPECT_EQ(read(), (lines{"2"}));
  ASSERT_EQ(kept_.size(), 2u);
  EXPECT_EQ(kept_[1], lines{tree_.path("c.log")});
}

TEST_P(Follow, SaysOnceThatAFileIsGoneAndWhatIsLost) {
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1", "2"}));
  stop();
  remove("app.log");
  tree_.write("app.log", "new\n");
  tree_.write("app.log.1", "another file\n");
  for (const auto& expected : {lines{"new"}, lines{}}) {
    resume("app.log");
    EXPECT_EQ(read(), expected);
    stop();
  }
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_TRUE(said_[0].starts_with(tree_.path("app.log") + ": ")) << said_[0];
  EXPECT_NE(said_[0].find("byte 4 (line 2)"), std::string::npos) << said_[0];
  EXPECT_EQ(source_->why_unreadable(), said_);
}

TEST_P(Follow, DoesNotMissWhatWasCutOffWhileItWatched) {
  tree_.write("app.log", "old 1\nold 2\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"old 1", "old 2"}));
  tree_.write("app.log", "new\n");
  EXPECT_EQ(read(), (lines{"new"}));
  stop();
  resume("app.log");
  EXPECT_EQ(read(), lines{});
  EXPECT_EQ(said_, lines{});
}

/// All lines of a file.
class one_record final : public line_rule {
  place next(const record&) override { return {.joins = true, .open = true}; }
  void reset() override {}
};

TEST_P(Follow, SaysWhereAFileEndsToThoseWhoWaitForItsNextLine) {
  const stage_id joining;
  const auto rule = [](const run&) { return std::make_unique<one_record>(); };
  const auto joined = [&] {
    *stream_ = grouped(std::move(*stream_), rule, {}, &joining, &in_.with);
  };
  const auto whole = [this] {
    const lines all = read();  // with the lines that became part of another
    return all.empty() ? std::string{} : all.front();
  };
  tree_.write("app.log", "1\n2\n");
  start("app.log");
  joined();
  EXPECT_EQ(read(), lines{});
  rename("app.log", "app.log.1");
  tree_.write("app.log", "3\n4\n");
  EXPECT_EQ(read(), lines{});
  in_.time.advance(5s);
  EXPECT_EQ(whole(), "1\n2");
  tree_.write("app.log", "5\n");
  EXPECT_EQ(whole(), "3\n4") << "it was cut off";
  stop();
  compress("app.log", "5\n6\n");
  resume("app.log");
  joined();
  EXPECT_EQ(whole(), "5\n6");
}

TEST_P(Follow, LeavesFilesAloneThatItIsNoLongerToFollow) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  remove("app.log");
  start("other.log");
  resume("app.log");
  EXPECT_EQ(read(), lines{});
  EXPECT_EQ(said_, lines{});
}

TEST_P(Follow, SaysOnceThatCompressedFilesArePassedOver) {
  tree_.write("a.gz", gzipped("1\n"));
  tree_.write("b.gz", gzipped("2\n"));
  start("*.gz");
  resume("*.gz");
  EXPECT_EQ(read(), lines{});
  tree_.append("a.gz", gzipped("3\n"));
  EXPECT_EQ(read(), lines{});
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_TRUE(said_[0].starts_with(tree_.path("a.gz") + ": compressed")) << said_[0];
}

/// The least of some times: what else runs on this machine takes a share of the caches.
TEST_P(Follow, SpendsLittleOnAHundredIdleFiles) {
  for (int i = 0; i < 100; ++i) tree_.write("logs/" + std::to_string(i) + ".log", "1\n");
  start("logs/*.log");
  EXPECT_EQ(read().size(), 100u);
  const auto thread_time = [] {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
  };
  std::chrono::nanoseconds least = 1h;
  for (int attempt = 0; attempt < 5 && least >= 20ms; ++attempt) {
    const auto before = thread_time();
    const auto from = in_.time.now();
    while (in_.time.now() < from + 30s)
      EXPECT_TRUE(stream_->next({.until = from + 30s, .drain = false})->empty());
    least = std::min(least, thread_time() - before);
  }
  RecordProperty("cpu_us_in_30_s", static_cast<int>(least.count() / 1000));
#ifdef NDEBUG
  EXPECT_LT(least, 30ms);
#endif
}

TEST(FollowSource, KeepsTheSourceContract) {
  const file_tree tree;
  std::string much;
  for (int i = 0; i < 100'000; ++i) much += "line " + std::to_string(i) + "\n";
  tree.write("a.log", much);
  tree.write("b.log", "1\n2\npartial");
  tree.write("c.log", "");
  const auto o = following({tree.path("*.log")});
  test::keeps_the_source_contract([&] { return std::make_unique<follow_source>(o); });
}

TEST(FollowSource, NeedsTheDirectoryOfWhatItFollows) {
  surroundings in;
  for (const char* path : {"/nowhere/app.log", "/nowhere/*.log"}) {
    follow_source from(following({path}));
    EXPECT_THROW(from.look(in.with), error);
    auto records = from.open(in.with, {});
    EXPECT_THROW(records.next({}), error);
  }
}

TEST(FollowSource, IsEndlessAndSaysSo) {
  const file_tree tree;
  tree.write("a", "1\n");
  surroundings in;
  const auto seen = follow_source(following({tree.path("a"), tree.path("b")})).look(in.with);
  EXPECT_TRUE(seen.endless);
  EXPECT_EQ(seen.shards, 1u);
}

TEST(FollowSource, AnswersAtOnceWhenInterrupted) {
  const file_tree tree;
  surroundings in;
  follow_source from(following({tree.path("a")}));
  auto records = from.open(in.with, {});
  in.wake.stop();
  EXPECT_TRUE(records.next({})->empty());
  EXPECT_EQ(records.next({.until = never, .drain = true}), nullptr);
}

}  // namespace
}  // namespace weir
