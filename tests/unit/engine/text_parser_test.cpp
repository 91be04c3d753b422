#include "engine/text_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sample_table.hpp"

namespace weir {
namespace {

std::string dump(const step_text& step);

std::string dump(const std::vector<step_text>& steps) {
  std::string out;
  for (const auto& s : steps) out += (out.empty() ? "" : " | ") + dump(s);
  return out;
}

/// A step in one line: name, <arguments>, {clauses}, [branches].
std::string dump(const step_text& step) {
  std::string out = step.name.text;
  for (const argument& a : step.arguments) {
    out += " <";
    if (!a.name.text.empty()) out += a.name.text + "=";
    out += a.value.text;
    out += a.quoted ? "'>" : ">";
  }
  for (const clause& c : step.clauses) {
    out += " {";
    if (!c.key.text.empty()) out += c.key.text;
    out += ":";
    out += c.text.text;
    out += "}";
  }
  for (const branch_text& b : step.branches) {
    out += " [";
    if (!b.when.text.empty())
      out += "when " + b.when.text + ": ";
    else if (b.when.where.length > 0)
      out += "else: ";
    out += dump(b.steps);
    if (b.sink) out += " -> " + dump(*b.sink);
    out += "]";
  }
  return out;
}

std::string dump(const pipeline_text& p) {
  std::string out = p.source ? dump(*p.source) : "(stdin)";
  if (!p.steps.empty()) out += " | " + dump(p.steps);
  return out + " -> " + (p.sink ? dump(*p.sink) : "(none)");
}

/// The pipeline as a dump, or the first complaint.
std::string parsed(std::string text) {
  const auto table = sample::table();
  reporter report;
  const auto p = parse_text("pipeline", std::move(text), table, report);
  return report.found().empty() ? dump(p) : "! " + report.found().front().message;
}

TEST(text_parser, the_main_pipeline_of_the_design_is_read) {
  EXPECT_EQ(
      parsed(
          R"(from s3://acme-logs/gateway/2026/**.gz | json | where level in ("WARN","ERROR") | set host = hostname(), service = "gateway" | batch 1000 2s | to postgres://localhost/logs?table=errors)"),
      R"(s3 <s3://acme-logs/gateway/2026/**.gz> | json | where {:level in ("WARN","ERROR")} | set {host:hostname()} {service:"gateway"} | batch <1000> <2s> -> postgres <postgres://localhost/logs?table=errors>)");
}

TEST(text_parser, from_and_to_may_be_missing) {
  EXPECT_EQ(parsed("json"), "(stdin) | json -> (none)");
  EXPECT_EQ(parsed("from app.log"), "file <app.log> -> (none)");
  EXPECT_EQ(parsed("to null"), "(stdin) -> null");
}

TEST(text_parser, a_bare_path_means_a_file) {
  EXPECT_EQ(parsed("from app.log.gz | to out/errors.ndjson"),
            "file <app.log.gz> -> file <out/errors.ndjson>");
  EXPECT_EQ(parsed("from logs/**/*.gz"), "file <logs/**/*.gz> -> (none)");
  EXPECT_EQ(parsed("from a.log b.log max_line=2MB"),
            "file <a.log> <b.log> <max_line=2MB> -> (none)");
  EXPECT_EQ(parsed("from 'my file.log'"), "file <my file.log'> -> (none)");
  EXPECT_EQ(parsed("from ./generate"), "file <./generate> -> (none)");
  EXPECT_EQ(parsed("from 'generate'"), "file <generate'> -> (none)");
  EXPECT_EQ(parsed("from a(1).log"), "file <a(1).log> -> (none)");
}

TEST(text_parser, a_component_is_named_by_its_first_word) {
  EXPECT_EQ(parsed("from generate"), "generate -> (none)");
  EXPECT_EQ(parsed("from generate 1000 shape=nginx"), "generate <1000> <shape=nginx> -> (none)");
  EXPECT_EQ(parsed("from follow app.log"), "follow <app.log> -> (none)");
  EXPECT_EQ(parsed("from file path=app.log"), "file <path=app.log> -> (none)");
  EXPECT_EQ(parsed("from path=app.log"), "file <path=app.log> -> (none)");
}

TEST(text_parser, a_dash_is_standard_input_and_output) {
  EXPECT_EQ(parsed("from - | to -"), "file <-> -> stdout");
}

TEST(text_parser, a_scheme_names_the_component) {
  EXPECT_EQ(parsed("from s3://b/day=1/"), "s3 <s3://b/day=1/> -> (none)");
  EXPECT_EQ(parsed("from file:///var/log/x"), "file </var/log/x> -> (none)");
  EXPECT_EQ(parsed("to postgresql://h/db"), "(stdin) -> postgres <postgresql://h/db>");
  EXPECT_EQ(parsed("to sqlite:a/b.db?table=t"), "(stdin) -> sqlite <sqlite:a/b.db?table=t>");
  EXPECT_EQ(parsed("to \"postgres://h/a b\""), "(stdin) -> postgres <postgres://h/a b'>");
}

TEST(text_parser, strings_hide_blanks_and_pipes_and_have_five_escapes) {
  EXPECT_EQ(parsed(R"(from 'a | b')"), "file <a | b'> -> (none)");
  EXPECT_EQ(parsed(R"(from "q\"\'\\\t\n")"), "file <q\"'\\\t\n'> -> (none)");
  EXPECT_EQ(parsed("from path='a b' max_line=\"1\""), "file <path=a b'> <max_line=1'> -> (none)");
}

TEST(text_parser, an_expression_hides_pipes_in_its_strings_and_brackets) {
  EXPECT_EQ(parsed(R"(where a = "x|y" and b = '|' | json)"),
            R"((stdin) | where {:a = "x|y" and b = '|'} | json -> (none))");
  EXPECT_EQ(parsed(R"(where `odd|name` = 1 | json)"),
            "(stdin) | where {:`odd|name` = 1} | json -> (none)");
  EXPECT_EQ(parsed(R"(where a = "\"|" | json)"),
            R"((stdin) | where {:a = "\"|"} | json -> (none))");
}

TEST(text_parser, assignments_are_cut_at_top_level_commas_and_the_first_equals) {
  EXPECT_EQ(parsed(R"(set a = f(1, 2), b.c = "x, y", `d e` = x = 1)"),
            R"((stdin) | set {a:f(1, 2)} {b.c:"x, y"} {`d e`:x = 1} -> (none))");
  EXPECT_EQ(parsed("set a=1,b=2"), "(stdin) | set {a:1} {b:2} -> (none)");
}

TEST(text_parser, fields_renames_and_orders_are_read) {
  EXPECT_EQ(parsed("drop a.b, `c d` ,e[0]"), "(stdin) | drop {a.b:} {`c d`:} {e[0]:} -> (none)");
  EXPECT_EQ(parsed("rename a as b, `x as y` as z"),
            "(stdin) | rename {a:b} {`x as y`:z} -> (none)");
  EXPECT_EQ(parsed("top 10 by latency desc, name"),
            "(stdin) | top <10> {desc:latency} {asc:name} -> (none)");
  EXPECT_EQ(parsed("sort by lower(name), desc"),
            "(stdin) | sort {asc:lower(name)} {asc:desc} -> (none)");
}

TEST(text_parser, branches_have_their_own_steps_and_sinks) {
  EXPECT_EQ(parsed("json | tee (where a = 1 | to a.ndjson) (to null)"),
            "(stdin) | json | tee [where {:a = 1} -> file <a.ndjson>] [ -> null] -> (none)");
  EXPECT_EQ(
      parsed("route (when (status >= 500) and x in (1, 2) | drop a | to a(1).log) (else | to -)"),
      "(stdin) | route [when (status >= 500) and x in (1, 2): drop {a:} -> file <a(1).log>] [else: "
      " -> stdout] -> (none)");
  EXPECT_EQ(parsed("tee(tee (to a) (to b))(head 5|to c)"),
            "(stdin) | tee [tee [ -> file <a>] [ -> file <b>]] [head <5> -> file <c>] -> (none)");
}

TEST(text_parser, lines_may_break_between_words) {
  EXPECT_EQ(parsed("from app.log\n  | json\n  | where level = \"x\"\n    and b = 2\n  | to -\n"),
            "file <app.log> | json | where {:level = \"x\"\n    and b = 2} -> stdout");
}

TEST(text_parser, spans_point_at_what_was_written) {
  const std::string text =
      "from app.log | set host = hostname(), n = 1 | to out.ndjson append=\"x\"";
  const auto table = sample::table();
  reporter report;
  const auto p = parse_text("pipeline", text, table, report);
  const auto at = [&](text_span s) { return text.substr(s.offset, s.length); };
  ASSERT_EQ(p.steps.size(), 1u);
  EXPECT_EQ(at(p.source->where), "from app.log");
  EXPECT_EQ(at(p.source->arguments[0].value.where), "app.log");
  EXPECT_EQ(at(p.steps[0].where), "set host = hostname(), n = 1");
  EXPECT_EQ(at(p.steps[0].name.where), "set");
  EXPECT_EQ(at(p.steps[0].clauses[1].key.where), "n");
  EXPECT_EQ(at(p.steps[0].clauses[0].text.where), "hostname()");
  EXPECT_EQ(at(p.sink->where), "to out.ndjson append=\"x\"");
  EXPECT_EQ(at(p.sink->arguments[1].name.where), "append");
  EXPECT_EQ(at(p.sink->arguments[1].value.where), "\"x\"");
}

TEST(text_parser, a_step_alone_is_located_in_the_text_around_it) {
  const auto table = sample::table();
  reporter report;
  const auto step = parse_step("batch 1000 2s", 100, table, report);
  ASSERT_TRUE(step && report.ok());
  EXPECT_EQ(step->arguments[1].value.where, (text_span{111, 2}));
  EXPECT_FALSE(parse_step("json | json", 0, table, report).has_value() && report.ok());
}

/// Pieces that a pipeline is made of, and some that it is not.
RC_GTEST_PROP(text_parser, any_text_is_read_or_refused_within_its_bounds, ()) {
  const std::vector<std::string> pieces{"from", "to",    "|",    "||",    "(",    ")",     "'",
                                        "\"",   "`",     "\\",   " ",     "=",    ",",     "where",
                                        "tee",  "route", "when", "else",  "json", "a.log", "by",
                                        "top",  "set",   "\n",   "batch", "-",    "s3://"};
  const auto chosen = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces));
  std::string text;
  for (const auto& piece : chosen) text += piece;
  const auto table = sample::table();
  reporter report;
  const auto p = parse_text("pipeline", text, table, report);
  for (const diagnostic& d : report.found())
    RC_ASSERT(d.where.offset + d.where.length <= text.size());
  RC_ASSERT(report.found().size() <= 2 * text.size() + 1);
}

}  // namespace
}  // namespace weir
