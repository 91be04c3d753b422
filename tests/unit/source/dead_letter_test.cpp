#include "source/dead_letter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "file_tree.hpp"
#include "unit/contract.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

std::string line(const std::string& source, int number, const std::string& raw,
                 const std::string& stage = "json") {
  return fmt::format(
      R"({{"time":"2026-01-02T03:04:05Z","source":"{0}","number":{1},"offset":{2},"stage":"{4}",)"
      R"("reason":"no","at":0,"raw":"{3}","shard":"id of {0}","pipeline":"p"}})"
      "\n",
      source, number, number * 100, raw, stage);
}

struct replayed {
  std::vector<std::string> records = {};  ///< "source:number@offset raw"
  std::vector<std::string> rejects = {};
  test::positions reached = {};
};

/// All that the dead letter `path` gives from there on.
replayed read(const std::string& path, const test::positions& from = {}) {
  test::surroundings in;
  dead_letter_source source({.path = path});
  stream records = source.open(in.with, test::resume_from(from));
  replayed out{.reached = from};
  while (const batch* const b = records.next(pull{})) {
    for (const record& r : *b) {
      out.records.push_back(
          fmt::format("{}:{}@{} {}", r.source().name, r.number(), r.offset(), r.raw()));
    }
    for (const reject_entry& e : b->rejects()) {
      out.rejects.push_back(fmt::format("{}:{} {}", e.source->name, e.number, e.why));
    }
    for (const run& r : b->runs()) out.reached[r.source->identity] = r.to;
  }
  return out;
}

using texts = std::vector<std::string>;

TEST(DeadLetterSource, GivesEachRecordAtItsOriginalPlace) {
  const test::file_tree tree;
  const auto path =
      tree.write("dead", line("a.log", 3, "x") + line("b.log", 1, "y") + line("a.log", 9, "z"));
  EXPECT_EQ(read(path).records, (texts{"a.log:3@300 x", "b.log:1@100 y", "a.log:9@900 z"}));
}

TEST(DeadLetterSource, GivesAllRecordsThoughTheyAreNotInOrderOrComeTwice) {
  const test::file_tree tree;
  const auto path = tree.write("dead", line("a", 5, "p") + line("a", 3, "q") + line("a", 8, "r") +
                                           line("a", 4, "s") + line("a", 4, "t"));
  const replayed all = read(path);
  EXPECT_EQ(all.records, (texts{"a:5@500 p", "a:3@300 q", "a:8@800 r", "a:4@400 s", "a:4@400 t"}));
  EXPECT_EQ(all.reached.size(), 3u);
}

TEST(DeadLetterSource, GoesOnWithWhatWasAddedMeanwhile) {
  const test::file_tree tree;
  const auto path = tree.write("dead", line("a", 5, "p") + line("a", 3, "q") + "none\n");
  const replayed first = read(path);
  EXPECT_TRUE(read(path, first.reached).records.empty());
  EXPECT_TRUE(read(path, first.reached).rejects.empty());
  tree.append("dead", line("a", 4, "r") + line("a", 5, "s") + line("b", 1, "t"));
  EXPECT_EQ(read(path, first.reached).records, (texts{"a:4@400 r", "a:5@500 s", "b:1@100 t"}));
}

TEST(DeadLetterSource, RejectsWhatItCannotGiveWhole) {
  const test::file_tree tree;
  const auto path =
      tree.write("dead", "none\n\n" + line("a", 2, "beginning", "read") + line("a", 3, "x"));
  const replayed all = read(path);
  EXPECT_EQ(all.records, texts{"a:3@300 x"});
  EXPECT_EQ(all.rejects, (texts{path + ":1 not a line of a dead letter",
                                "a:2 the dead letter holds only a part of it"}));
}

TEST(DeadLetterSource, IsMissedBeforeAnythingIsRead) {
  test::surroundings in;
  dead_letter_source source({.path = "/nowhere/dead"});
  EXPECT_THROW(source.look(in.with), error);
}

}  // namespace
}  // namespace weir
