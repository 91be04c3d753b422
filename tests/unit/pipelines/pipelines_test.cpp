// Every file of tests/pipelines is a pipeline with its input, its output and its account (see
// test_file.hpp). Each is run in every manner that must make no difference.

#include <gtest/gtest.h>
#include <re2/re2.h>
#include <simdjson.h>

#include <array>
#include <cctype>
#include <map>
#include <string>

#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/references.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_parser.hpp"
#include "one_run.hpp"
#include "test_file.hpp"

namespace weir::test {
namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;

/// True for members of which none may be there beyond what is expected.
bool is_whole(std::string_view key) {
  return key == "filtered_by" || key == "rejected_by";
}

void expect_within(const element& expected, const element& actual, const std::string& at);

void expect_members(const simdjson::dom::object& expected, const simdjson::dom::object& actual,
                    const std::string& at) {
  for (const auto& [key, value] : expected) {
    element found;
    const std::string here = at + "/" + std::string{key};
    if (actual[key].get(found) != simdjson::SUCCESS) {
      ADD_FAILURE() << "the report lacks " << here;
      continue;
    }
    if (is_whole(key)) {
      EXPECT_EQ(simdjson::to_string(found), simdjson::to_string(value)) << here;
    } else {
      expect_within(value, found, here);
    }
  }
}

void expect_within(const element& expected, const element& actual, const std::string& at) {
  if (expected.is_object() && actual.is_object()) {
    expect_members(expected, actual, at);
  } else if (expected.is_array() && actual.is_array()) {
    const simdjson::dom::array want(expected);
    const simdjson::dom::array have(actual);
    ASSERT_EQ(have.size(), want.size()) << at;
    for (std::size_t i = 0; i < want.size(); ++i) {
      expect_within(want.at(i), have.at(i), at + "/" + std::to_string(i));
    }
  } else {
    EXPECT_EQ(simdjson::to_string(actual), simdjson::to_string(expected)) << at;
  }
}

void expect_report(const std::string& expected, const std::string& actual) {
  simdjson::dom::parser of_expected;
  simdjson::dom::parser of_actual;
  const element want = of_expected.parse(expected);
  ASSERT_EQ(want["bytes_in"].error(), simdjson::SUCCESS) << "the test must say bytes_in";
  expect_within(want, of_actual.parse(actual), "");
}

using enum strategy;
constexpr std::array manners{
    manner{},
    manner{.strategy = array, .lanes = 1},
    manner{.strategy = chunked},
    manner{.strategy = streaming, .lanes = 1},
    manner{.strategy = streaming, .lanes = 2},
    manner{.strategy = streaming, .lanes = 4},
    manner{.lanes = 1, .small_reads = 1},
    manner{.lanes = 1, .small_reads = 20260101},
    manner{.lanes = 2, .small_reads = 77},
};

/// Dead letters without the file's identity and the plan's hash, which no test can foresee.
void leave_out_identities(std::map<std::string, std::string>& files) {
  const auto dead = files.find("dead.ndjson");
  if (dead == files.end()) return;
  RE2::GlobalReplace(&dead->second, R"re(,"shard":"[^"]+","pipeline":"[0-9a-f]{64}"})re", "}");
}

void expect_run(const test_file& of, manner how) {
  how.dead_letter = of.outputs.contains("dead.ndjson");
  outcome is = run_in_directory(of.pipeline, of.inputs, how);
  expect_accounted(is.report);
  expect_report(of.report, is.json);
  leave_out_identities(is.files);
  EXPECT_EQ(is.files, of.outputs);
}

class pipeline_file : public ::testing::TestWithParam<fs::path> {};

TEST_P(pipeline_file, gives_what_it_says_however_it_is_run) {
  const test_file of = read_test_file(GetParam());
  for (const manner& how : manners) {
    SCOPED_TRACE(::testing::PrintToString(how));
    expect_run(of, how);
    if (of.once || HasFailure()) return;
  }
}

TEST_P(pipeline_file, means_the_same_in_both_spellings) {
  const test_file of = read_test_file(GetParam());
  if (of.yaml.empty()) return;
  reporter report;
  const auto text = parse_text("pipeline", of.pipeline, components(), report);
  const auto yaml = parse_yaml("pipeline.yaml", of.yaml, components(), read_reference, report);
  const auto from_text = make_plan(text, components(), {}, report);
  const auto from_yaml = make_plan(yaml, components(), {}, report);
  ASSERT_TRUE(from_text && from_yaml) << render(yaml, report.found(), false);
  EXPECT_EQ(plan_json(*from_yaml), plan_json(*from_text));
}

std::string test_name(const ::testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(tests, pipeline_file, ::testing::ValuesIn(all_test_files()), test_name);

}  // namespace
}  // namespace weir::test
