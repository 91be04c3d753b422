#include "weir/pipeline.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <vector>

#include "unit/scripted_server.hpp"
#include "unit/source/file_tree.hpp"

namespace weir {
namespace {

using testing::ElementsAre;
using namespace test;

/// The records' texts, until an error if there is one, which goes to `failure`.
std::vector<std::string> texts_of(pipeline of, std::string& failure) {
  std::vector<std::string> out;
  try {
    for (const record& r : of.records()) out.emplace_back(r.text());
  } catch (const error& e) {
    failure = e.what();
  }
  return out;
}

TEST(a_pipeline_in_a_program, reads_a_web_object_of_which_no_version_is_known) {
  // It is asked by HEAD, by a GET of one byte, and by one of all of them.
  scripted_server server(script{{.answer = answer("405 Method Not Allowed", "")},
                                {.answer = answer("200 OK", "one\ntwo\n")},
                                {.answer = answer("200 OK", "one\ntwo\n")}});
  std::string failure;
  EXPECT_THAT(texts_of(pipeline{"from " + server.url("/a.log")}, failure),
              ElementsAre("one", "two"));
  EXPECT_EQ(failure, "");
}

TEST(a_pipeline_in_a_program, opens_nothing_before_the_first_step) {
  const file_tree tree;
  pipeline late("from " + tree.path("late.log") + " | where true");
  auto records = late.records();
  tree.write("late.log", "one\n");
  const record* const first = records.next();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->text(), "one");
}

TEST(a_pipeline_in_a_program, gives_no_records_across_a_spool) {
  std::string failure;
  EXPECT_THAT(texts_of(pipeline{"from text x | spool sp | to null"}, failure), ElementsAre());
  EXPECT_THAT(failure, testing::HasSubstr("spool"));
}

TEST(a_pipeline_in_a_program, throws_behind_the_others_if_one_input_cannot_be_read) {
  const file_tree tree;
  tree.write("a", "1\n");
  tree.write("c", "2\n");
  const std::string loop = tree.path("b");
  std::filesystem::create_symlink("b", loop);
  std::string failure;
  EXPECT_THAT(texts_of(pipeline{"from " + tree.root()}, failure), ElementsAre("1", "2"));
  EXPECT_EQ(failure, loop + ": too many levels of symbolic links");
}

}  // namespace
}  // namespace weir
