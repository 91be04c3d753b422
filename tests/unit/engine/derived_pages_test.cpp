// What people and editors read is derived from the declarations.

#include <gtest/gtest.h>
#include <simdjson.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/completion.hpp"
#include "engine/describe.hpp"
#include "engine/schema.hpp"
#include "sample_table.hpp"

namespace weir {
namespace {

const std::vector<component>& table() {
  static const auto all = sample::table();
  return all;
}
const component& named(component::role is, std::string_view name) {
  for (const component& c : table())
    if (c.is == is && c.name == name) return c;
  throw std::runtime_error{"no such component"};
}

TEST(describe, a_page_has_usage_options_with_defaults_and_examples) {
  EXPECT_EQ(describe(named(component::role::source, "file")),
            "file (source)\n"
            "  Reads files.\n"
            "\n"
            "Usage:\n"
            "  from file PATH... [OPTION=VALUE ...]\n"
            "\n"
            "Options:\n"
            "  path      Files, globs, directories. (text, any number, required)\n"
            "  max_line  Longest line. (bytes, default 1MiB)\n"
            "\n"
            "Example:\n"
            "  A log:\n"
            "    weir 'from app.log | json | to -'\n");
}

TEST(describe, usage_tells_positional_from_named_and_shows_bodies) {
  EXPECT_EQ(usage(named(component::role::stage, "batch")), "batch [RECORDS] [BYTES] [TIMEOUT]");
  EXPECT_EQ(usage(named(component::role::stage, "top")), "top [COUNT] by EXPR [desc], ...");
  EXPECT_EQ(usage(named(component::role::sink, "postgres")),
            "to postgres URL table=TABLE [OPTION=VALUE ...]");
  EXPECT_EQ(usage(named(component::role::sink, "null")), "to null");
}

TEST(list, every_component_is_in_it_under_its_role) {
  const auto page = list(table());
  const auto stages_at = page.find("Stages:"), sinks_at = page.find("Sinks:");
  ASSERT_LT(stages_at, sinks_at);
  for (const component& c : table()) {
    const auto at = page.find("\n  " + c.name + " ", c.is == component::role::source  ? 0
                                                     : c.is == component::role::stage ? stages_at
                                                                                      : sinks_at);
    EXPECT_NE(at, std::string::npos) << c.name;
  }
}

TEST(schema, it_is_json_with_every_component_and_option) {
  const auto text = schema(table());
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(text);
  for (const component& c : table()) {
    const std::string role = c.is == component::role::source  ? "source"
                             : c.is == component::role::stage ? "step"
                                                              : "sink";
    simdjson::dom::element body;
    ASSERT_FALSE(root.at_pointer("/$defs/" + role + "/anyOf/0/properties/" + c.name).get(body))
        << c.name;
    EXPECT_EQ(std::string_view{body["description"]}, c.summary);
    for (const option_spec& o : c.options) {
      simdjson::dom::element option;
      ASSERT_FALSE(body.at_pointer("/anyOf/0/properties/" + o.name).get(option))
          << c.name << " " << o.name;
      EXPECT_EQ(std::string_view{option["description"]}, o.description);
    }
  }
}

/// Judged by python3-jsonschema, which is a program of others.
TEST(schema, it_accepts_good_files_and_refuses_misspelt_ones) {
  if (std::system("python3 -c 'import jsonschema, yaml' 2>/dev/null") != 0)
    GTEST_SKIP() << "python3 has no jsonschema and yaml here";
  const auto folder =
      std::filesystem::temp_directory_path() / ("weir_schema_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream{folder / "schema.json"} << schema(table());
  std::ofstream{folder / "judge.py"} << R"(
import json, sys, yaml, jsonschema
folder = sys.argv[1]
schema = json.load(open(folder + "/schema.json"))
jsonschema.Draft202012Validator.check_schema(schema)
judge = jsonschema.Draft202012Validator(schema)
good = ['source: app.log', 'steps: [json, {head: 5}]', 'source: {file: [a, b]}', 'sink: {file: {path: "${env:X}"}}',
        'steps: [{where: a = 1}, {set: {a: 1, b: null}}, {drop: [a, b]}, {drop: a}, {rename: {a: b}}]',
        'steps: [{top: {count: 5, by: [a desc, b]}}, {batch: {records: 1000, timeout: 2s}}, {json: {trust: true}}, json: ]',
        'steps:\n- tee:\n  - {steps: [json], sink: a}\n  - {sink: {"null": {}}}\n- route:\n  - {when: a = 1, sink: a}\n  - {sink: b}',
        'source: {generate: {shape: nginx, count: "${env:N}"}}\nname: x\ndead_letter: dead.ndjson']
bad = ['sorce: a', 'steps: json', 'steps: [{jsn: {}}]', 'steps: [{batch: {record: 5}}]', 'source: {generate: {shape: square}}',
       'steps: [{json: {}, head: 5}]', 'sink: [a]', 'steps:\n- tee:\n  - {stepz: [json], sink: a}', 'steps: [{batch: {timeout: {a: 1}}}]']
for text in good:
    errors = [e.message for e in judge.iter_errors(yaml.safe_load(text))]
    if errors: sys.exit("refused: " + text + "\n" + "\n".join(errors))
for text in bad:
    if judge.is_valid(yaml.safe_load(text)): sys.exit("accepted: " + text)
)";
  const auto command = "python3 '" + (folder / "judge.py").string() + "' '" + folder.string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::filesystem::remove_all(folder);
}

const command_shape command{
    {{"run", "Run a file."}, {"describe", "What one does."}, {"completion", "It's this."}},
    {{"--report", "Write a report."}, {"-q", "Quiet."}},
    {{"--color", "auto never"}},
    {{"dlq", "ls show"}}};

TEST(completion, bash_understands_the_script_and_completes) {
  const auto script = completion(shell::bash, command, table());
  const auto path =
      std::filesystem::temp_directory_path() / ("weir_completion_" + std::to_string(::getpid()));
  std::ofstream{path} << script << R"(
COMP_WORDS=(weir describe ba); COMP_CWORD=2; _weir; [ "${COMPREPLY[*]}" = batch ] || exit 1
COMP_WORDS=(weir r); COMP_CWORD=1; _weir; [ "${COMPREPLY[0]}" = run ] || exit 2
COMP_WORDS=(weir x --re); COMP_CWORD=2; _weir; [ "${COMPREPLY[*]}" = --report ] || exit 3
COMP_WORDS=(weir completion z); COMP_CWORD=2; _weir; [ "${COMPREPLY[*]}" = zsh ] || exit 4
COMP_WORDS=(weir -q r); COMP_CWORD=2; _weir; [ "${COMPREPLY[0]}" = run ] || exit 5
COMP_WORDS=(weir -q dlq s); COMP_CWORD=3; _weir; [ "${COMPREPLY[*]}" = show ] || exit 6
COMP_WORDS=(weir dlq show s); COMP_CWORD=3; _weir; [ "${COMPREPLY[*]}" != show ] || exit 7
COMP_WORDS=(weir --color n); COMP_CWORD=2; _weir; [ "${COMPREPLY[*]}" = never ] || exit 8
COMP_WORDS=(weir help des); COMP_CWORD=2; _weir; [ "${COMPREPLY[*]}" = describe ] || exit 9
)";
  EXPECT_EQ(std::system(("bash '" + path.string() + "'").c_str()), 0);
  std::filesystem::remove(path);
}

TEST(completion, every_shell_gets_every_word_quoted) {
  for (const shell s : {shell::bash, shell::zsh, shell::fish}) {
    const auto script = completion(s, command, table());
    for (const component& c : table()) EXPECT_NE(script.find(c.name), std::string::npos) << c.name;
  }
  EXPECT_NE(completion(shell::zsh, command, table()).find(R"('completion:It'\''s this.')"),
            std::string::npos);
  EXPECT_NE(completion(shell::fish, command, table()).find(R"(-d 'It\'s this.')"),
            std::string::npos);
  EXPECT_NE(completion(shell::fish, command, table()).find("-s q "), std::string::npos);
  EXPECT_EQ(shell_of("tcsh"), std::nullopt);
}

}  // namespace
}  // namespace weir
