#include "source/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "file_tree.hpp"
#include "gzipped.hpp"
#include "unit/contract.hpp"
#include "unit/passing_file.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using test::file_tree;
using test::gzipped;
using test::surroundings;

test::make_source reading_files(std::vector<std::string> paths, reading_options how = {}) {
  return [options = file_source_options{std::move(how), std::move(paths)}] {
    return std::make_unique<file_source>(options);
  };
}

std::vector<std::string> texts_of(std::vector<std::string> paths) {
  return test::texts(test::read_all(reading_files(std::move(paths))));
}

/// Lines of many lengths, some of them blank, the last one without an end.
std::string many_lines(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i)
    text += std::to_string(i) + std::string(i * 7919 % 300, 'x') + (i % 10 == 0 ? "\n\n" : "\n");
  return text + "end";
}

using lines = std::vector<std::string>;

TEST(FileSource, ReadsTheLinesOfFilesInOrder) {
  const file_tree tree;
  const auto a = tree.write("a.log", "1\n2\n");
  const auto b = tree.write("b.log", "3\r\n4");
  tree.write("c.log", "");
  tree.write("d.log.gz", gzipped("5\n6\n"));
  EXPECT_EQ(texts_of({b, a}), (lines{"3", "4", "1", "2"}));
  EXPECT_EQ(texts_of({tree.root()}), (lines{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(texts_of({tree.path("{b,d}*")}), (lines{"3", "4", "5", "6"}));
}

TEST(FileSource, NumbersTheRecordsOfEachFile) {
  const file_tree tree;
  const auto records =
      test::read_all(reading_files({tree.write("a", "x\ny\n"), tree.write("b", "z\n")}));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].number, 2u);
  EXPECT_EQ(records[1].offset, 2u);
  EXPECT_EQ(records[2].number, 1u);
  EXPECT_NE(records[0].shard, records[2].shard);
}

TEST(FileSource, KeepsTheSourceContract) {
  const file_tree tree;
  const std::string text = many_lines(2'000'000);
  test::keeps_the_source_contract(reading_files({tree.write("plain", text)}));
  test::keeps_the_source_contract(reading_files({tree.write("packed", gzipped(text))}));
  test::keeps_the_source_contract(
      reading_files({tree.write("1", "a\nb"), tree.write("2", ""),
                     tree.write("3", many_lines(300'000)), tree.write("4", gzipped("c\nd\n"))}));
}

TEST(FileSource, StillLooksAtTheFirstByteWhenItResumes) {
  const file_tree tree;
  // What follows the resumed position looks like gzip, but the file does not.
  const auto path = tree.write("a.log", "line\n\x1f\x8b odd\nlast\n");
  surroundings in;
  file_source from({{}, {path}});
  auto records = from.open(in.with, [](const shard&) { return position{5, 1}; });
  test::positions at;
  EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"\x1f\x8b odd", "last"}));
}

TEST(FileSource, RecognisesAFileThatWasShorterAndHadAnotherName) {
  const file_tree tree;
  auto path = tree.write("a.log", "1\n2\n");
  surroundings in;
  test::positions at;
  {
    file_source from({{}, {path}});
    auto records = from.open(in.with, {});
    EXPECT_EQ(test::read_all(records, in, at).size(), 2u);
  }
  tree.append("a.log", "3\n" + std::string(2000, 'x') + "\n");
  std::filesystem::rename(path, tree.path("a.log.1"));
  file_source from({{}, {tree.path("a.log.1")}});
  auto records = from.open(in.with, test::resume_from(at));
  const auto rest = test::read_all(records, in, at);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].raw, "3");
  EXPECT_EQ(rest[0].number, 3u);
  EXPECT_EQ(at.size(), 1u) << "it kept the identity of the day when it was first seen";
}

std::string lines_that_hardly_shrink(std::size_t bytes) {
  std::minstd_rand random(1);
  std::string text;
  while (text.size() < bytes) {
    for (int i = 0; i < 60; ++i) text += static_cast<char>('!' + random() % 90);
    text += '\n';
  }
  return text + "end";
}

TEST(FileSource, NoticesThatAFileIsShorterThanWhatWasReadOfIt) {
  // The first kilobyte, by which a file is known, stays as it is.
  const std::string content = lines_that_hardly_shrink(4000) + "\n";
  const std::string more = content + lines_that_hardly_shrink(3000);
  const auto members = [&] { return gzipped(content) + gzipped(more.substr(content.size())); };
  const std::map<std::string, std::pair<std::string, std::string>> cases{
      {"plain", {more, content}},
      {"packed", {members(), gzipped(content)}},
      {"cut within a member", {gzipped(more), gzipped(more).substr(0, gzipped(more).size() - 20)}}};
  for (const auto& [name, bytes] : cases) {
    SCOPED_TRACE(name);
    const file_tree tree;
    const auto path = tree.write("a", bytes.first);
    surroundings in;
    test::positions at;
    {
      file_source from({{}, {path}});
      auto records = from.open(in.with, {});
      EXPECT_GT(test::read_all(records, in, at).size(), 100u);
    }
    // Written in place: the same device and inode.
    tree.write("a", bytes.second);
    const auto before = at;
    file_source from({{}, {path, tree.write("b", "sound\n")}});
    auto records = from.open(in.with, test::resume_from(at));
    EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"sound"}));
    ASSERT_EQ(from.unreadable(), 1u);
    EXPECT_THAT(from.why_unreadable()[0],
                testing::StartsWith(path + ": was read up to byte " + std::to_string(more.size())));
    EXPECT_EQ(at.at(before.begin()->first), before.begin()->second);
  }
}

TEST(FileSource, ReadsTheOthersWhenOneIsUnreadable) {
  if (geteuid() == 0) {
    // Root may read everything; a path through a loop of links nobody can.
    const file_tree tree;
    std::filesystem::create_symlink("loop", tree.path("loop"));
    const auto a = tree.write("a", "1\n");
    const auto b = tree.write("b", "2\n");
    surroundings in;
    file_source from({{}, {a, tree.path("loop"), b}});
    auto records = from.open(in.with, {});
    test::positions at;
    EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"1", "2"}));
    EXPECT_EQ(from.unreadable(), 1u);
    ASSERT_EQ(from.why_unreadable().size(), 1u);
    EXPECT_EQ(from.why_unreadable()[0], tree.path("loop") + ": too many levels of symbolic links");
    return;
  }
  const file_tree tree;
  const auto a = tree.write("a", "1\n");
  const auto b = tree.write("b", "2\n");
  const auto secret = tree.write("ab", "never\n");
  chmod(secret.c_str(), 0);
  surroundings in;
  file_source from({{}, {tree.root()}});
  auto records = from.open(in.with, {});
  test::positions at;
  EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"1", "2"}));
  EXPECT_EQ(from.why_unreadable(), (lines{secret + ": permission denied"}));
}

TEST(FileSource, CountsAFileWhoseReadsFail) {
  const file_tree tree;
  surroundings in;
  // The memory of a process can be opened, and reading its first page fails.
  file_source from({{}, {"/proc/self/mem", tree.write("a", "1\n")}});
  auto records = from.open(in.with, {});
  test::positions at;
  EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"1"}));
  EXPECT_EQ(from.unreadable(), 1u);
}

/// A file whose reads fail from some byte on, as those of a broken disk do.
class breaking_file final : public test::passing_file {
 public:
  breaking_file(std::unique_ptr<file> real, std::uint64_t good_bytes)
      : passing_file(std::move(real)), left_(good_bytes) {}
  io_result<std::size_t> read(std::span<char> into) override {
    if (left_ == 0) return std::unexpected(io_error{EIO});
    const auto got = passing_file::read(into.first(std::min<std::size_t>(into.size(), left_)));
    left_ -= got.value_or(0);
    return got;
  }

 private:
  std::uint64_t left_;
};

class breaking_disk final : public test::counting_disk {
 public:
  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    auto real = counting_disk::open(path, why);
    if (!real) return real;
    return std::make_unique<breaking_file>(std::move(*real), 300'001);
  }
};

TEST(FileSource, DeliversWhatWasReadBeforeAFailureAndNotTheLineThatItCut) {
  const file_tree tree;
  std::string content;
  while (content.size() < 500'000) content += "ten bytes\n";
  for (const auto& bytes : {content, gzipped(content + std::string(400'000, 'x') + "\n")}) {
    const auto path = tree.write("broken", bytes);
    const auto after = tree.write("sound", "next\n");
    surroundings in;
    breaking_disk disk;
    in.with.files = &disk;
    file_source from({{}, {path, after}});
    auto records = from.open(in.with, {});
    test::positions at;
    const auto seen = test::texts(test::read_all(records, in, at));
    if (bytes == content) {
      EXPECT_EQ(seen.size(), 30'001u);
      EXPECT_EQ(from.why_unreadable(), (lines{path + ": input/output error"}));
    }
    EXPECT_EQ(seen.back(), "next");
  }
}

/// What reading `path` comes to in a pipeline of so many lanes.
struct reading_on_lanes {
  test::seen_records records;
  lines unreadable;
  friend bool operator==(const reading_on_lanes&, const reading_on_lanes&) = default;

  reading_on_lanes(const std::string& path, std::size_t lanes, disk& files) {
    surroundings in;
    real_clock time;
    in.with.time = &time;
    in.with.files = &files;
    in.with.lanes = lanes;
    file_source from({{}, {path}});
    auto all = from.open(in.with, {});
    test::positions at;
    while (const batch* const b = all.next(pull{})) test::note(*b, records, at);
    unreadable = from.why_unreadable();
  }
};

TEST(FileSource, ReadsAheadOfSeveralLanesWithoutADifference) {
  const file_tree tree;
  const std::string sound = gzipped(lines_that_hardly_shrink(3'000'000));
  std::string corrupt = sound;
  corrupt[sound.size() / 2] ^= 0x55;
  for (const auto& stored : {sound, corrupt, sound.substr(0, sound.size() / 3)}) {
    const auto path = tree.write("packed", stored);
    test::counting_disk files;
    const reading_on_lanes one(path, 1, files);
    EXPECT_GT(one.records.size(), 10'000u);
    EXPECT_EQ(one, reading_on_lanes(path, 2, files));
    breaking_disk failing;
    const reading_on_lanes broken(path, 2, failing);
    EXPECT_EQ(broken, reading_on_lanes(path, 1, failing));
    EXPECT_EQ(broken.unreadable, (lines{path + ": input/output error"}));
  }
}

TEST(FileSource, MayBeAbandonedWhileItReadsAhead) {
  const file_tree tree;
  const auto path = tree.write("packed", gzipped(many_lines(3'000'000)));
  for (int pulls = 0; pulls < 8; ++pulls) {
    surroundings in;
    in.with.lanes = 2;
    {
      file_source from({{}, {path}});
      auto records = from.open(in.with, {});
      for (int i = 0; i < pulls; ++i) ASSERT_NE(records.next(pull{}), nullptr);
    }
    EXPECT_EQ(in.ceiling->used_bytes(), 0u);
  }
}

TEST(FileSource, SaysWhatIsMissingWhenLookingAndWhenReading) {
  surroundings in;
  file_source from({{}, {"/nowhere/app.log"}});
  EXPECT_THROW(from.look(in.with), error);
  auto records = from.open(in.with, {});
  EXPECT_THROW(records.next({}), error);
}

TEST(FileSource, TellsTheRecordsToExpectByTheFirstBlockOfTheFirstFile) {
  const file_tree tree;
  std::string text;
  for (std::size_t i = 0; i < 40'000; ++i)
    text += std::to_string(i) + std::string(i % 50, 'x') + "\n";
  tree.write("plain", text);
  tree.write("packed", gzipped(text));
  surroundings in;
  for (const char* const name : {"plain", "packed"}) {
    const auto seen = file_source({{}, {tree.path(name)}}).look(in.with);
    EXPECT_TRUE(seen.sampled);
    EXPECT_NEAR(static_cast<double>(*seen.records), 40'000, 4'000) << name;
  }
  EXPECT_EQ(in.with.pool->ceiling().used_bytes(), 0u);
}

TEST(FileSource, LooksAtSizesAndOpensOnlyTheFirstFile) {
  const file_tree tree;
  tree.write("a", std::string(1'500'000, 'x'));
  tree.write("b", "1\n");
  surroundings in;
  const auto seen = file_source({{}, {tree.root()}}).look(in.with);
  EXPECT_EQ(seen.bytes, 1'500'002u);
  EXPECT_EQ(seen.shards, 2u);
  EXPECT_EQ(seen.reason, "2 files, 1.5 MB");
  EXPECT_FALSE(seen.records);
  EXPECT_EQ(in.files.opened, 1);
}

lines texts_with(const std::string& path, void (*change)(reading_options&)) {
  reading_options how;
  change(how);
  return test::texts(test::read_all(reading_files({path}, how)));
}

TEST(FileSource, TakesTheReadingOptions) {
  const file_tree tree;
  const auto path = tree.write("odd", std::string{"a,b\0c,\0ddddd", 12});
  EXPECT_EQ(texts_with(path, [](auto& o) { o.delimiter = "nul"; }), (lines{"a,b", "c,", "ddddd"}));
  EXPECT_EQ(texts_with(path, [](auto& o) { o.delimiter = ","; }).size(), 3u);
  EXPECT_EQ(texts_with(path,
                       [](auto& o) {
                         o.delimiter = "nul";
                         o.max_line = {4};
                         o.on_long_line = "truncate";
                       }),
            (lines{"a,b", "c,", "dddd"}));
  const auto packed = tree.write("packed", gzipped("x\n"));
  EXPECT_NE(texts_with(packed, [](auto& o) { o.codec = "none"; }), (lines{"x"}));
}

TEST(FileSource, OffersItsFilesOneByOneOnlyWhenAskedToMerge) {
  const file_tree tree;
  file_source_options o;
  o.paths = {tree.write("a", "1\n"), tree.write("b", "2\n")};
  surroundings in;
  file_source one_by_one(o);
  EXPECT_FALSE(one_by_one.open_shards(in.with, {}));
  o.merge = 2;
  o.order = "any";
  file_source from(o);
  auto shards = from.open_shards(in.with, {});
  ASSERT_TRUE(shards);
  EXPECT_TRUE(shards->any_order);
  EXPECT_EQ(shards->at_a_time, 2u);
  stream first = (*shards->listing.next())();
  stream second = (*shards->listing.next())();
  EXPECT_EQ(shards->listing.next(), nullptr);
  EXPECT_EQ(in.files.opened, 0);
  test::positions at;
  EXPECT_EQ(test::texts(test::read_all(second, in, at)), (lines{"2"}));
  EXPECT_EQ(test::texts(test::read_all(first, in, at)), (lines{"1"}));
}

TEST(FileSource, EndsBetweenTwoBatchesOnDrainAndKeepsTheCutLineUnread) {
  const file_tree tree;
  surroundings in;
  file_source from({{}, {tree.write("a", many_lines(1'000'000)), tree.write("b", "never\n")}});
  auto records = from.open(in.with, {});
  test::positions at;
  test::seen_records seen;
  test::note(*records.next({}), seen, at);
  EXPECT_EQ(records.next({.until = never, .drain = true}), nullptr);
  EXPECT_EQ(seen.back().offset + seen.back().raw.size() + 1, at.begin()->second.offset);
}

TEST(FileSource, LetsDownstreamFlushWhenMemoryIsUsedUp) {
  const file_tree tree;
  surroundings in;
  file_source from({{}, {tree.write("a", "1\n")}});
  auto records = from.open(in.with, {});
  in.ceiling->take(in.ceiling->limit_bytes());
  EXPECT_TRUE(records.next({})->empty());
  EXPECT_TRUE(records.next({})->empty());
  in.ceiling->give_back(in.ceiling->limit_bytes());
  EXPECT_EQ(records.next({})->size(), 1u);
}

/// Puts the reading end of a pipe in the place of standard input.
class StandardInput : public testing::Test {
 protected:
  StandardInput() : saved_(dup(STDIN_FILENO)) {
    EXPECT_EQ(pipe(ends_), 0);
    dup2(ends_[0], STDIN_FILENO);
    close(ends_[0]);
  }
  ~StandardInput() override {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
    end();
  }
  void write(std::string_view text) const {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (ends_[1] >= 0) close(std::exchange(ends_[1], -1));
  }
  int saved_;
  int ends_[2];
};

TEST_F(StandardInput, GivesWhatAPipeHasAndWaitsOnlyUntilTheDeadline) {
  surroundings in;
  file_source from({{}, {"-"}});
  auto records = from.open(in.with, {});
  const auto flags = fcntl(STDIN_FILENO, F_GETFL);
  const auto start = in.time.now();
  EXPECT_EQ(records.next({.until = start + std::chrono::seconds{2}, .drain = false})->size(), 0u);
  EXPECT_EQ(in.time.now(), start + std::chrono::seconds{2});
  write("1\n2\n3");
  test::positions at;
  const auto some = test::read_all(records, in, at);
  EXPECT_EQ(test::texts(some), (lines{"1", "2"}));
  write("4\n");
  end();
  EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"34"}));
  EXPECT_EQ(records.next({}), nullptr);
  EXPECT_EQ(fcntl(STDIN_FILENO, F_GETFL), flags);
}

TEST_F(StandardInput, AnswersAtOnceWhenInterruptedAndThenDrains) {
  surroundings in;
  file_source from({{}, {"-"}});
  auto records = from.open(in.with, {});
  in.wake.stop();
  EXPECT_TRUE(records.next({})->empty());
  EXPECT_EQ(records.next({.until = never, .drain = true}), nullptr);
}

TEST_F(StandardInput, MayBeARegularFile) {
  const file_tree tree;
  const auto path = tree.write("a", gzipped("1\n2\n"));
  const int fd = open(path.c_str(), O_RDONLY);
  dup2(fd, STDIN_FILENO);
  close(fd);
  EXPECT_EQ(texts_of({"-"}), (lines{"1", "2"}));
}

TEST(FileSource, WaitsForTheWriterOfAFifo) {
  const file_tree tree;
  const auto path = tree.path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  surroundings in;
  file_source from({{}, {path}});
  auto records = from.open(in.with, {});
  test::positions at;
  EXPECT_TRUE(test::read_all(records, in, at).empty());
  const int writer = open(path.c_str(), O_WRONLY);
  ASSERT_EQ(write(writer, "x\n", 2), 2);
  close(writer);
  EXPECT_EQ(test::texts(test::read_all(records, in, at)), (lines{"x"}));
  EXPECT_EQ(records.next({}), nullptr);
}

}  // namespace
}  // namespace weir
