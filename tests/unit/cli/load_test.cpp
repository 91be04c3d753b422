#include "cli/load.hpp"

#include <gtest/gtest.h>

#include "cli/report_file.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

invocation showing(std::vector<std::string> files) {
  invocation it;
  it.given = subject::inputs;
  it.operands = std::move(files);
  return it;
}

TEST(PipelineForInputs, ReadsTheFilesAndShowsTheirRecords) {
  EXPECT_EQ(pipeline_for_inputs(showing({"a.log", "-"})), "from 'a.log' - | auto | to stdout");
}

TEST(PipelineForInputs, QuotesWhatAFileMayBeCalled) {
  EXPECT_EQ(pipeline_for_inputs(showing({R"(it's | a\b)"})),
            R"(from 'it\'s | a\\b' | auto | to stdout)");
}

TEST(PipelineForInputs, SelectsWhatIsAskedFor) {
  invocation it = showing({"a"});
  it.search = "x";
  it.since = "2h";
  it.until = "2026-01-02";
  it.where = "n > 1";
  it.color = when::always;
  EXPECT_EQ(pipeline_for_inputs(it),
            "from 'a' | auto | search 'x' | time since='2h' until='2026-01-02' "
            "| where n > 1 | to stdout color=always");
}

TEST(Load, PlansThePipelineForInputs) {
  const auto files = real_disk();
  invocation it = showing({"a.log", "b | c.log"});
  it.search = "it's";
  it.since = "2h";
  it.where = "level >= warn";
  const loaded got = load(it, components(), *files);
  for (const diagnostic& d : got.report.found()) ADD_FAILURE() << d.message << ": " << d.hint;
  EXPECT_TRUE(got.made);
}

TEST(Load, SaysHowToReadAFileWhoseNameIsNoText) {
  const auto files = real_disk();
  try {
    load(showing({"bad\xff.log"}), components(), *files);
    FAIL() << "nothing was thrown";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::usage);
    EXPECT_NE(e.hint().find("weir 'bad?name'"), std::string::npos) << e.hint();
  }
}

TEST(Load, TakesNamesOfSeveralLines) {
  const auto files = real_disk();
  EXPECT_TRUE(load(showing({"two\nlines.log", "a\ttab.log"}), components(), *files).made);
}

TEST(Load, NamesAPipelineFileThatIsNotThere) {
  const auto files = real_disk();
  invocation it;
  it.given = subject::file;
  it.operands = {"/nowhere/p.yaml"};
  try {
    load(it, components(), *files);
    FAIL() << "nothing was thrown";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::no_input);
    EXPECT_STREQ(e.what(), "/nowhere/p.yaml: no such file or directory");
  }
}

}  // namespace
}  // namespace weir
