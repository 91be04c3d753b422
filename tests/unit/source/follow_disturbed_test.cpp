#include <gtest/gtest.h>

#include "follow_at_work.hpp"
#include "unit/passing_file.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::gzipped;
using test::lines;

/// Before more of it is read than what tells files apart, somebody does something.
class disturbed_file final : public test::passing_file {
 public:
  disturbed_file(std::unique_ptr<file> whole, const std::function<void()>& before_reading)
      : passing_file(std::move(whole)), before_reading_(before_reading) {}

  io_result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) override {
    if (into.size() > 8192) before_reading_();
    return passing_file::read_at(into, offset);
  }

 private:
  const std::function<void()>& before_reading_;
};

/// Likewise each time that a directory has been listed.
class disturbed_disk final : public test::counting_disk {
 public:
  std::function<void()> after_listing = [] {};
  std::function<void()> before_reading = [] {};

  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    auto whole = test::counting_disk::open(path, why);
    if (!whole) return whole;
    return std::make_unique<disturbed_file>(std::move(*whole), before_reading);
  }

  io_result<std::vector<std::string>> list(const std::string& directory) override {
    auto names = test::counting_disk::list(directory);
    after_listing();
    return names;
  }
};

/// Files are rotated while weir looks at them.
class FollowDisturbed : public test::follow_at_work {
 protected:
  FollowDisturbed() { in_.with.files = &disk_; }
  /// Logs of three generations behind the one that was read.
  void rotated_meanwhile() {
    tree_.write("app.log", "1\n");
    start("app.log");
    EXPECT_EQ(read(), (lines{"1"}));
    stop();
    for (int i = 3; i > 0; --i) {
      rotate_as("app.log." + std::to_string(i), 3 - i);
      tree_.write("app.log", std::to_string(5 - i) + "\n");
    }
  }
  void rotate_once_more(int rotations) {
    for (int i = 3 + rotations; i > 0; --i) {
      const auto name = [i](int more) { return "app.log." + std::to_string(i + more); };
      for (const char* codec : {"", ".gz"}) {
        if (std::filesystem::exists(tree_.path(name(0) + codec)))
          rename(name(0) + codec, name(1) + codec);
      }
    }
    tree_.write("app.log.1", "");
  }

  disturbed_disk disk_;
};

INSTANTIATE_TEST_SUITE_P(Watching, FollowDisturbed, testing::Values(false),
                         [](const auto&) { return std::string{"inotify"}; });
INSTANTIATE_TEST_SUITE_P(Polling, FollowDisturbed, testing::Values(true),
                         [](const auto&) { return std::string{"poll"}; });

TEST_P(FollowDisturbed, ReadsWhatIsRenamedEachTimeThatItIsListed) {
  for (const bool compressed : {false, true}) {
    rotated_meanwhile();
    if (compressed) {
      compress_rotated("app.log.3", "1\n");
      compress_rotated("app.log.2", "2\n");
      compress_rotated("app.log.1", "3\n");
    }
    int rotations = 0;
    disk_.after_listing = [&] {
      if (rotations < 20) rotate_once_more(rotations++);
    };
    resume("app.log");
    EXPECT_EQ(read(), (lines{"2", "3", "4"})) << compressed;
    EXPECT_EQ(source_->why_unreadable(), lines{}) << compressed;
    stop();
    disk_.after_listing = [] {};
    forget();
    for (int i = 1; i <= 23; ++i)
      remove("app.log." + std::to_string(i) + (compressed && i > 20 ? ".gz" : ""));
  }
}

TEST_P(FollowDisturbed, ReadsOnceWhatIsCompressedBetweenTwoListings) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.2", 0);
  tree_.write("app.log", "2\n");
  written_at("app.log", 1);
  int listings = 0;
  disk_.after_listing = [&] {
    if (++listings != 3) return;
    rename("app.log", "app.log.1");
    compress_rotated("app.log.1", "2\n");
    tree_.write("app.log", "3\n");
  };
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3"}));
}

TEST_P(FollowDisturbed, ReadsOnceWhatItsGlobLedToBeforeItWasCompressed) {
  tree_.write("app.log", "1\n");
  start("app.log*");
  EXPECT_EQ(read(), (lines{"1"}));
  stop();
  rotate_as("app.log.3", 0);
  tree_.write("app.log.2", "2\n");
  written_at("app.log.2", 1);
  tree_.write("app.log", "3\n");
  int listings = 0;
  disk_.after_listing = [&] {
    if (++listings == 4) compress_rotated("app.log.2", "2\n");
  };
  resume("app.log");
  EXPECT_EQ(read(), (lines{"2", "3"}));
}

TEST_P(FollowDisturbed, ReadsOnceWhatSomebodyIsCopyingToCutItOff) {
  for (const bool long_log : {false, true}) {
    const std::string second = long_log ? std::string(9999, '2') : "2";
    tree_.write("app.log", "1\n");
    start("app.log");
    EXPECT_EQ(read(), (lines{"1"}));
    stop();
    tree_.write("app.log.2", "1\n");
    written_at("app.log.2", 0);
    tree_.write("app.log", second + "\n");
    tree_.write("app.log.1", second + "\n");
    written_at("app.log", 1);
    written_at("app.log.1", 2);
    if (long_log) tree_.append("app.log", "more\n");
    resume("app.log");
    EXPECT_EQ(read(), (long_log ? lines{second, "more"} : lines{second}));
    tree_.write("app.log.1", second + "\n" + (long_log ? "more\n" : ""));
    tree_.write("app.log", "");
    EXPECT_EQ(read(), lines{});
    tree_.append("app.log", "3\n");
    EXPECT_EQ(read(), (lines{"3"}));
    EXPECT_EQ(source_->why_unreadable(), lines{});
    stop();
    forget();
  }
}

TEST_P(FollowDisturbed, ReadsOnceWhatIsCopiedAndCutOffAfterItWasBegun) {
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.write("app.log.1", "1\n");
  written_at("app.log.1", 0);
  tree_.write("app.log", "");
  EXPECT_EQ(read(), lines{});
  tree_.append("app.log", "2\n");
  written_at("app.log", 1);
  disk_.after_listing = [&] {
    if (std::filesystem::exists(tree_.path("app.log.2"))) return;
    rename("app.log.1", "app.log.2");
    tree_.write("app.log.1", "2\n");
    written_at("app.log.1", 2);
    tree_.write("app.log", "3\n");
  };
  EXPECT_EQ(read(), (lines{"2", "3"}));
}

TEST_P(FollowDisturbed, ReadsInTheCopyWhatIsCutOffBetweenALookAndItsReading) {
  const std::string second(9999, '2');
  const std::string third(9999, '3');
  tree_.write("app.log", "1\n");
  start("app.log");
  EXPECT_EQ(read(), (lines{"1"}));
  tree_.append("app.log", second + "\n");
  bool cut = false;
  disk_.before_reading = [&] {
    if (std::exchange(cut, true)) return;
    tree_.write("app.log.1", "1\n" + second + "\n");
    tree_.write("app.log", third + "\n" + third + "\n");
  };
  EXPECT_EQ(read(), (lines{second, third, third}));
  EXPECT_EQ(source_->why_unreadable(), lines{});
}

}  // namespace
}  // namespace weir
