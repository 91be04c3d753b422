#include <gtest/gtest.h>

#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_parser.hpp"
#include "sample_table.hpp"

namespace weir {
namespace {

const std::vector<component>& table() {
  static const auto all = sample::table();
  return all;
}

std::expected<std::string, std::string> known_references(std::string_view kind,
                                                         const std::string& name) {
  if (name == "PATH_OUT") return "out dir/x.ndjson";
  if (name == "PASSWORD") return "hunter2 | to null";
  return std::unexpected{std::string{kind} + " " + name + " is missing"};
}

/// The plan's JSON, or the rendered complaints.
std::string planned(pipeline_text text, reporter& report) {
  const auto made = make_plan(text, table(), {}, report);
  return made ? plan_json(*made) : render(text, report.found(), false);
}
std::string of_text(std::string text) {
  reporter report;
  auto read = parse_text("pipeline", std::move(text), table(), report);
  return planned(std::move(read), report);
}
std::string of_yaml(std::string text) {
  reporter report;
  auto read = parse_yaml("pipeline.yaml", std::move(text), table(), known_references, report);
  return planned(std::move(read), report);
}

TEST(plan, both_spellings_of_the_main_pipeline_give_the_same_plan) {
  const auto plan = of_text(
      R"(from s3://acme-logs/gateway/2026/**.gz | json | where level in ("WARN","ERROR") | set host = hostname(), service = "gateway" | batch 1000 2s | to postgres url=postgres://db/logs table=errors)");
  EXPECT_EQ(plan.find("error"), plan.find("errors\"")) << plan;
  EXPECT_EQ(plan, of_yaml(R"(
source: { s3: { url: "s3://acme-logs/gateway/2026/**.gz" } }
steps:
  - json
  - where: level in ("WARN","ERROR")
  - set: { host: hostname(), service: '"gateway"' }
  - batch: { records: 1000, timeout: 2s }
sink: { postgres: { url: "postgres://db/logs", table: errors } }
)"));
}

TEST(plan, it_is_canonical_json_with_defaults) {
  EXPECT_EQ(of_text("from a.log | json | batch 2s 10 | to null"),
            R"({
"source":{"component":"file","options":{"path":"a.log","max_line":"1MiB"}},
"steps":[
 {"component":"json","options":{"trust":"false"}},
 {"component":"batch","options":{"records":"10","bytes":"1MiB","timeout":"2s"}}],
"sink":{"component":"null"}
}
)");
}

TEST(plan, blanks_in_expressions_do_not_matter) {
  const auto one = of_text(
      "from a | json | where status>=500 and not host like 'a  b'| set t=concat(a,\"b\"),n=a.b[0] "
      "| route (when "
      "n>1 | to x) (else | to y)");
  const auto other = of_text(
      "from a | json | where  status >= 500 and not host like 'a  b' | set t = concat( a , \"b\" "
      "), n = a.b[0]\n| "
      "route (when n\t> 1 | to x) (else | to y)");
  EXPECT_EQ(one.find("error:"), one.npos) << one;
  EXPECT_EQ(one, other);
  EXPECT_NE(one.find("status >= 500 and not host like 'a  b'"), one.npos) << one;
  EXPECT_NE(
      one,
      of_text("from a | json | where status>=500 and not host like 'a b' | set t=concat(a,\"b\"), "
              "n=a.b[0] | route (when n>1 | to x) (else | to y)"));
}

struct pair_of_spellings {
  const char* text;
  const char* yaml;
};
class both_spellings : public ::testing::TestWithParam<pair_of_spellings> {};

TEST_P(both_spellings, give_the_same_plan) {
  const auto plan = of_text(GetParam().text);
  EXPECT_EQ(plan.find("error:"), std::string::npos) << plan;
  EXPECT_EQ(plan, of_yaml(GetParam().yaml));
}

INSTANTIATE_TEST_SUITE_P(
    plan, both_spellings,
    ::testing::Values(
        pair_of_spellings{"json", "steps: [json]"},
        pair_of_spellings{"json trust=true", "steps:\n  - json trust=true"},
        pair_of_spellings{"json trust=true", "steps:\n  - json: {trust: true}"},
        pair_of_spellings{"from app.log", "source: app.log"},
        pair_of_spellings{"from app.log", "source: \"app.log\""},
        pair_of_spellings{"from 'my file.log'", "source: \"my file.log\""},
        pair_of_spellings{"from a.log b.log", "source: a.log b.log"},
        pair_of_spellings{"from a.log b.log", "source: {file: [a.log, b.log]}"},
        pair_of_spellings{
            "from a.log b.log max_line=2MB",
            "source:\n  file:\n    path:\n      - a.log\n      - b.log\n    max_line: 2MB\n"},
        pair_of_spellings{"from generate 10 shape=nginx | to -",
                          "source: generate 10 shape=nginx\nsink: '-'"},
        pair_of_spellings{"from generate 10", "source: {generate: 10}"},
        pair_of_spellings{"from generate 10", "source: {generate: {count: 10}}"},
        pair_of_spellings{"where a = 'x' and b = \"y\"",
                          "steps:\n- where: a = 'x' and b = \"y\"\n"},
        pair_of_spellings{"where a = 'x' and b = \"y\"",
                          "steps:\n- where: 'a = ''x'' and b = \"y\"'\n"},
        pair_of_spellings{"where a = 1 and b = 2",
                          "steps:\n- where: >\n    a = 1\n    and b = 2\n"},
        pair_of_spellings{"where a = 1 and b = 2",
                          "steps:\n- where: |-\n    a = 1\n    and b = 2\n"},
        pair_of_spellings{"where a = 1 and b = 2", "steps:\n- where: a = 1\n    and b = 2\n"},
        pair_of_spellings{"where a = 1 and b = 2",
                          "\xEF\xBB\xBFsteps:\r\n- where: a = 1\r\n    and b = 2\r\n"},
        pair_of_spellings{"set a = greatest(x, 1), `c d` = null",
                          "steps:\n- set: {a: 'greatest(x, 1)', '`c d`': null}\n"},
        pair_of_spellings{"set a = 1, b = 2", "steps:\n- set: a = 1, b = 2\n"},
        pair_of_spellings{"drop a.b, c | keep d", "steps:\n- drop: [a.b, c]\n- keep: d\n"},
        pair_of_spellings{"drop a, b", "steps:\n- drop: a, b\n"},
        pair_of_spellings{"rename a as b, c as d", "steps:\n- rename: {a: b, c: d}\n"},
        pair_of_spellings{"top 5 by latency desc, name",
                          "steps:\n- top: {count: 5, by: [latency desc, name]}\n"},
        pair_of_spellings{"top by latency desc, name", "steps:\n- top: latency desc, name\n"},
        pair_of_spellings{"sort by x", "steps:\n- sort: {by: x asc}\n"},
        pair_of_spellings{"batch 1000 2s", "steps:\n- batch: [1000, 2s]\n"},
        pair_of_spellings{"batch 1000 2s", "steps:\n- batch: [\"1000\", \"2s\"]\n"},
        pair_of_spellings{"head 5", "{\"steps\": [{\"head\": 5}]}"},
        pair_of_spellings{"json | tee (where a = 1 | to a.log) (to null)",
                          "steps:\n- json\n- tee:\n  - steps: [{where: a = 1}]\n    sink: a.log\n  "
                          "- sink: \"null\"\n"},
        pair_of_spellings{
            "route (when a > 1 | to a.log) (when b | head 2 | to -) (else | to count)",
            "steps:\n- route:\n  - {when: a > 1, sink: a.log}\n  - {when: b, steps: [head 2], "
            "sink: -}\n  - {sink: count}\n"},
        pair_of_spellings{"tee (tee (to a) (to b)) (to c)",
                          "steps:\n- tee:\n  - steps:\n    - tee:\n      - sink: a\n      - sink: "
                          "b\n  - sink: c\n"}));

TEST(plan, stages_are_numbered_and_named_as_written) {
  reporter report;
  const auto text = parse_text(
      "p",
      "json | where  level in (\"WARN\",\n   \"ERROR\") | set a = 1,b=2 | batch 10 timeout=2s | "
      "route (when x = 1 | drop c, d | to null) (else | top 3 by e desc,f | to \"a b\")",
      table(), report);
  const auto p = make_plan(text, table(), {}, report);
  ASSERT_TRUE(p) << render({}, report.found(), false);
  const auto& main = p->root;
  ASSERT_EQ(main.stages.size(), 4u);
  EXPECT_EQ(main.stages[0].id->name, "json");
  EXPECT_EQ(main.stages[0].id->rule, first_rule);
  EXPECT_EQ(main.stages[1].id->name, "where level in (\"WARN\", \"ERROR\")");
  EXPECT_EQ(main.stages[2].id->name, "set a = 1, b = 2");
  EXPECT_EQ(main.stages[3].id->name, "batch 10 timeout=2s");
  EXPECT_EQ(main.stages[3].id->rule, first_rule + 3);
  ASSERT_TRUE(main.split);
  const auto& branches = main.split->branches;
  ASSERT_EQ(branches.size(), 2u);
  EXPECT_EQ(branches[0].name, "x = 1");
  EXPECT_TRUE(branches[0].takes);
  EXPECT_EQ(branches[1].name, "else");
  EXPECT_FALSE(branches[1].takes);
  EXPECT_EQ(branches[0].rest.stages[0].id->name, "drop c, d");
  EXPECT_EQ(branches[0].rest.stages[0].id->rule, first_rule + 4);
  EXPECT_EQ(branches[1].rest.stages[0].id->name, "top 3 by e desc, f");
  EXPECT_EQ(branches[1].rest.stages[0].id->rule, first_rule + 5);
  EXPECT_EQ(branches[1].rest.sink.text, "\"a b\"");
  EXPECT_FALSE(main.sink.made);
  EXPECT_EQ(p->rules,
            (std::vector<std::string>{"json", main.stages[1].id->name, "set a = 1, b = 2",
                                      "batch 10 timeout=2s", "drop c, d", "top 3 by e desc, f"}));
}

TEST(plan, references_are_one_value_whatever_they_hold) {
  const std::string yaml =
      "sink: {postgres: {url: u, table: t, password: '${env:PASSWORD}'}}\ndead_letter: {file: "
      "'${env:PATH_OUT}'}\n";
  const auto plan = of_yaml(yaml);
  EXPECT_EQ(plan.find("hunter2"), std::string::npos) << plan;
  EXPECT_NE(plan.find("\"password\":\"***\""), std::string::npos) << plan;
  EXPECT_NE(plan.find("\"dead_letter\":\"out dir/x.ndjson\""), std::string::npos) << plan;

  reporter report;
  const auto text =
      parse_yaml("p.yaml", "sink: ${env:PASSWORD}\nsteps:\n- where: a = \"${env:PASSWORD}\"\n",
                 table(), known_references, report);
  const auto p = make_plan(text, table(), {}, report);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->root.sink.options[0].second, "hunter2 | to null");
  EXPECT_EQ(p->root.sink.text, "${env:PASSWORD}");
  EXPECT_EQ(p->root.stages[0].id->name, "where a = \"${env:PASSWORD}\"");
  EXPECT_EQ(p->root.stages[0].clauses[0].text.text, "a = \"hunter2 | to null\"");
}

TEST(plan, a_dollar_is_doubled_to_stand_for_itself) {
  const auto plan = of_yaml("sink: {file: 'a$${env:X}b'}");
  EXPECT_NE(plan.find("a${env:X}b"), std::string::npos) << plan;
}

TEST(plan, the_dead_letter_of_a_file_is_its_path) {
  reporter report;
  const auto text = parse_yaml("p.yaml", "name: nightly\ndead_letter: dead.ndjson\n", table(),
                               known_references, report);
  EXPECT_EQ(text.title, "nightly");
  const auto p = make_plan(text, table(), {}, report);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->dead_letter, "dead.ndjson");
}

TEST(plan, minima_beyond_the_memory_budget_are_refused) {
  reporter report;
  const auto text = parse_text("p", "json | sort by a", table(), report);
  EXPECT_FALSE(make_plan(text, table(), {.memory_bytes = 32 << 20}, report));
  ASSERT_EQ(report.found().size(), 1u);
  EXPECT_EQ(report.found()[0].message,
            "the plan holds at least 64MiB at a time, the memory budget is 32MiB");
  EXPECT_EQ(report.found()[0].where, (text_span{7, 9}));
}

TEST(plan, an_end_makes_endless_input_sortable) {
  EXPECT_EQ(of_text("from generate | head 10 | top by a").find("error"), std::string::npos);
  EXPECT_NE(of_text("from generate | top by a")
                .find("error: `top` needs an end, but `generate` has none"),
            std::string::npos);
}

}  // namespace
}  // namespace weir
