// Every file of tests/pipelines/wrong is a pipeline with faults, a line `---`, and exactly what
// people are shown. A file whose name ends in .yaml.txt is in the YAML form. WEIR_UPDATE_GOLDEN=1
// writes what is shown into the files: read the difference before you commit it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_parser.hpp"
#include "sample_table.hpp"

namespace weir {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> wrong_pipelines() {
  std::vector<fs::path> all;
  for (const auto& entry :
       fs::directory_iterator{fs::path{WEIR_SOURCE_DIR} / "tests/pipelines/wrong"})
    all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::string content(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return out.str();
}

std::expected<std::string, std::string> no_references(std::string_view kind,
                                                      const std::string& name) {
  if (name == "BAD") return "12 parsecs";
  return std::unexpected{(kind == "env" ? "the environment variable `" : "the file `") + name +
                         "` is not there"};
}

std::string shown(const std::string& input, bool yaml) {
  static const auto table = sample::table();
  reporter report;
  const auto text = yaml ? parse_yaml("pipeline.yaml", input, table, no_references, report)
                         : parse_text("pipeline", input, table, report);
  const bool made = make_plan(text, table, {.memory_bytes = 32 << 20}, report).has_value();
  EXPECT_EQ(made, report.ok());
  return render(text, report.found(), false);
}

class wrong_pipeline : public ::testing::TestWithParam<fs::path> {};

TEST_P(wrong_pipeline, is_explained_exactly_so) {
  const auto& path = GetParam();
  const auto file = content(path);
  const auto cut = file.find("\n---\n");
  ASSERT_NE(cut, std::string::npos) << path;
  const auto input = file.substr(0, cut);
  const auto now = shown(input, path.string().ends_with(".yaml.txt"));
  EXPECT_FALSE(now.empty()) << "nothing was found wrong with\n" << input;
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{path, std::ios::binary} << input << "\n---\n" << now;
    return;
  }
  EXPECT_EQ(now, file.substr(cut + 5)) << path;
}

std::string test_name(const ::testing::TestParamInfo<fs::path>& info) {
  auto name = info.param.filename().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(tests, wrong_pipeline, ::testing::ValuesIn(wrong_pipelines()), test_name);

TEST(wrong_pipelines, there_are_at_least_sixty) {
  EXPECT_GE(wrong_pipelines().size(), 60u);
}

}  // namespace
}  // namespace weir
