// What holds for runs as a whole and does not fit into a file of tests/pipelines.

#include <gtest/gtest.h>

#include "one_run.hpp"

namespace weir::test {
namespace {

const std::map<std::string, std::string> three_records{
    {"in.ndjson", "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"}};

TEST(a_plan, is_refused_when_its_longest_line_is_beyond_the_memory_budget) {
  try {
    planned("from in.ndjson max_line=300MiB | to null");
    FAIL() << "it was accepted";
  } catch (const std::runtime_error& refused) {
    EXPECT_STREQ(refused.what(),
                 "error: the plan holds at least 300MiB at a time, the memory budget is 256MiB\n"
                 " --> pipeline:1:1\n"
                 "  |\n"
                 "1 | from in.ndjson max_line=300MiB | to null\n"
                 "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
                 "  = help: raise `--memory`, or lower `max_line`\n");
  }
}

TEST(a_dry_run, delivers_to_nobody_and_shows_what_would_be) {
  const auto is = run_in_directory("from in.ndjson | json | where n > 1 | to out.ndjson",
                                   three_records, {.dry_run_records = 2});
  EXPECT_TRUE(is.files.empty());
  ASSERT_EQ(is.report.samples.size(), 1u);
  EXPECT_EQ(is.report.samples[0].record, R"({"n":2})");
}

TEST(a_dry_run, counts_what_it_left_out_as_filtered_by_itself) {
  const auto is = run_in_directory("from in.ndjson | json | where n > 1 | to out.ndjson",
                                   three_records, {.dry_run_records = 2});
  expect_accounted(is.report);
  EXPECT_NE(is.json.find(R"("where n > 1": 1)"), std::string::npos) << is.json;
  EXPECT_NE(is.json.find(R"("dry-run": 1)"), std::string::npos) << is.json;
}

}  // namespace
}  // namespace weir::test
