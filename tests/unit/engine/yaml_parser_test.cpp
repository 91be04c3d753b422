#include "engine/yaml_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/diagnostics.hpp"
#include "sample_table.hpp"

namespace weir {
namespace {

const std::vector<component>& table() {
  static const auto all = sample::table();
  return all;
}

TEST(yaml_parser, spans_point_at_the_bytes_of_the_file) {
  const std::string file =
      "name: gr\u00f6\u00dfe\r\nsource: \"app.log\"\r\nsteps:\r\n  - where: \u00e4 = 1\r\n  - set: "
      "{x: 'y', z: \"2\"}\r\n";
  reporter report;
  const auto p = parse_yaml("p", file, table(), read_reference, report);
  ASSERT_TRUE(report.ok()) << render(p, report.found(), false);
  const auto at = [&](text_span s) { return file.substr(s.offset, s.length); };
  EXPECT_EQ(at(p.source->arguments[0].value.where), "app.log");
  EXPECT_EQ(at(p.steps[0].name.where), "where");
  EXPECT_EQ(at(p.steps[0].clauses[0].text.where), "\u00e4 = 1");
  EXPECT_EQ(at(p.steps[1].clauses[0].text.where), "y");
  EXPECT_EQ(at(p.steps[1].clauses[1].key.where), "z");
  EXPECT_EQ(at(p.steps[1].where), "set: {x: 'y', z: \"2");
}

TEST(yaml_parser, a_file_beyond_a_megabyte_is_refused_unread) {
  reporter report;
  parse_yaml("p", "# " + std::string(1 << 20, 'x'), table(), read_reference, report);
  ASSERT_EQ(report.found().size(), 1u);
  EXPECT_EQ(report.found()[0].message, "the pipeline is longer than 1 MiB");
}

TEST(yaml_parser, a_megabyte_of_brackets_is_refused_in_no_time) {
  for (const std::string_view piece : {"[", "{", "- ", "? ", "[{", "a: [", "!", "&", "- - "}) {
    std::string file;
    while (file.size() < 100'000) file += piece;
    reporter report;
    parse_yaml("p", file, table(), read_reference, report);
    EXPECT_FALSE(report.ok()) << piece;
  }
}

TEST(references, the_environment_and_files_are_read_whole) {
  ASSERT_EQ(::setenv("WEIR_TEST_REFERENCE", "a b | c", 1), 0);
  EXPECT_EQ(read_reference("env", "WEIR_TEST_REFERENCE"), "a b | c");
  ::unsetenv("WEIR_TEST_REFERENCE");
  EXPECT_EQ(read_reference("env", "WEIR_TEST_REFERENCE").error(),
            "the environment variable `WEIR_TEST_REFERENCE` is not set");

  const auto path =
      std::filesystem::temp_directory_path() / ("weir_reference_" + std::to_string(::getpid()));
  std::ofstream{path} << "secret\n";
  EXPECT_EQ(read_reference("file", path.string()), "secret");
  std::ofstream{path} << std::string((64 << 10) + 1, 'x');
  EXPECT_EQ(read_reference("file", path.string()).error(),
            "the file `" + path.string() + "` is larger than 64 KiB");
  std::ofstream{path} << "\xff\n";
  EXPECT_EQ(read_reference("file", path.string()).error(), "`" + path.string() + "` is not UTF-8");
  std::filesystem::remove(path);
  EXPECT_EQ(read_reference("file", path.string()).error(),
            "the file `" + path.string() + "` cannot be read");
}

RC_GTEST_PROP(yaml_parser, any_file_is_read_or_refused_within_its_bounds, ()) {
  const std::vector<std::string> pieces{
      "source", "steps", "sink",  ":",   " ",     "\n",   "  ",   "- ",    "[",
      "]",      "{",     "}",     ",",   "\"",    "'",    "|",    ">",     "\\",
      "#",      "where", "a = 1", "tee", "route", "when", "json", "a.log", "${env:X}",
      "${",     "&a",    "*a",    "!t",  "---",   "\r\n", "\t",   "?",     "\u00e4"};
  const auto chosen = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces));
  std::string file;
  for (const auto& piece : chosen) file += piece;
  reporter report;
  const auto p = parse_yaml("p", file, table(), [](auto, auto&) { return "x y"; }, report);
  for (const diagnostic& d : report.found()) {
    const auto where = span_in_file(p, d.where);
    RC_ASSERT(where.offset + where.length <= file.size() + 1);
  }
}

}  // namespace
}  // namespace weir
