#include "stage/field_stages.hpp"

#include <gtest/gtest.h>

#include "unit/one_record.hpp"

namespace weir {
namespace {

using testing::one_record;

/// 2026-01-02T03:04:05Z.
constexpr std::int64_t started_ns = 1'767'323'045'000'000'000;

located_text at(std::string text, std::size_t offset) {
  return {text, {offset, text.size()}};
}

clause pair(located_text key, located_text text) {
  clause made;
  made.key = std::move(key);
  made.text = std::move(text);
  return made;
}

/// The body of `where` at byte 6 of the pipeline.
std::vector<clause> body(std::string condition, std::size_t offset = 6) {
  std::vector<clause> clauses(1);
  clauses[0].text = at(std::move(condition), offset);
  return clauses;
}

step_text step_with(const component& c, std::vector<clause> clauses,
                    std::vector<argument> arguments = {}) {
  step_text step;
  step.name = at(c.name, 0);
  step.clauses = std::move(clauses);
  step.arguments = std::move(arguments);
  return step;
}

std::string complaints(const component& c, const step_text& step) {
  reporter report;
  EXPECT_FALSE(c.bind(step, report));
  std::string out;
  for (const diagnostic& d : report.found()) {
    out += std::to_string(d.where.offset) + '+' + std::to_string(d.where.length) + ": " +
           d.message + '\n';
  }
  return out;
}

/// Runs a stage over one record: its text, or "filtered". `mismatches` as the stage counted them.
std::string run(const component& c, const step_text& step, std::string_view text,
                shape as = shape::json, std::uint64_t* mismatches = nullptr) {
  reporter report;
  const auto made = c.bind(step, report);
  if (!made) return "not bound: " + report.found().front().message;
  const stage& s = std::get<stage>(made->made);
  EXPECT_TRUE(s.stateless);
  const stage_id id{first_rule, c.name};
  context with;
  with.started_ns = started_ns;
  one_record r{text, as};
  s.per_batch(with, id)(r.as_batch());
  if (mismatches) *mismatches = s.type_mismatches->load();
  return r->is_live() ? std::string{r->text()} : "filtered";
}

std::string where(std::string condition, std::string_view json) {
  const component c = where_stage();
  return run(c, step_with(c, body(condition)), json);
}

std::string set(std::vector<std::pair<std::string, std::string>> assignments, std::string_view json,
                shape as = shape::json) {
  const component c = set_stage();
  std::vector<clause> clauses;
  for (auto& [name, text] : assignments) clauses.push_back(pair(at(name, 4), at(text, 10)));
  return run(c, step_with(c, clauses), json, as);
}

TEST(where, keeps_only_what_is_true) {
  EXPECT_EQ(where("n >= 500", R"({"n":500})"), R"({"n":500})");
  EXPECT_EQ(where("n >= 500", R"({"n":1})"), "filtered");
  EXPECT_EQ(where("n >= 500", "{}"), "filtered");
  EXPECT_EQ(where("not n >= 500", "{}"), "filtered");
}

TEST(where, reports_where_in_the_pipeline_the_mistake_is) {
  const component c = where_stage();
  EXPECT_EQ(complaints(c, step_with(c, body("status = ", 20))),
            "29+0: the expression ends where a value should follow\n");
}

TEST(where, counts_values_of_wrong_types_over_all_instances) {
  const component c = where_stage();
  std::uint64_t mismatches = 0;
  run(c, step_with(c, body("n = 'x'")), R"({"n":5})", shape::json, &mismatches);
  EXPECT_EQ(mismatches, 1u);
}

TEST(set, expressions_see_what_was_set_before_them) {
  EXPECT_EQ(set({{"a", "1"}, {"b", "a + 1"}, {"a", "b + 1"}}, R"({"a":9,"z":0})"),
            R"({"a":3,"z":0,"b":2})");
  EXPECT_EQ(set({{"a", "b"}, {"b", "a"}}, R"({"a":1,"b":2})"), R"({"a":2,"b":2})");
  EXPECT_EQ(set({{"level", "'error'"}, {"worst", "level >= error"}}, "{}"),
            R"({"level":"error","worst":true})");
}

TEST(set, a_missing_value_sets_nothing_and_null_writes_null) {
  EXPECT_EQ(set({{"a", "nope"}, {"b", "null"}, {"c", "nope + 1"}}, "{}"), R"({"b":null,"c":null})");
}

TEST(set, values_are_copied_exactly) {
  EXPECT_EQ(
      set({{"b", "a"}, {"c", "s"}, {"d", "o"}}, R"({"a":1.10,"s":"x\u0041\n","o":{"k": [1]}})"),
      R"({"a":1.10,"s":"x\u0041\n","o":{"k": [1]},"b":1.10,"c":"x\u0041\n","d":{"k": [1]}})");
}

TEST(set, a_text_record_becomes_json) {
  EXPECT_EQ(set({{"n", "length(message)"}}, "hello", shape::text), R"({"message":"hello","n":5})");
}

TEST(set, writes_top_level_fields_only) {
  const component c = set_stage();
  EXPECT_EQ(complaints(c, step_with(c, {pair(at("a.b", 4), at("1", 10)),
                                        pair(at("x-y", 20), at("(", 30))})),
            "4+3: `set` works on top-level fields, not on `a.b`\n"
            "20+3: `x-y` is no field\n"
            "31+0: the expression ends where a value should follow\n");
  EXPECT_EQ(set({{"`a.b`", "1"}}, "{}"), R"({"a.b":1})");
}

TEST(set, leaves_virtual_fields_alone) {
  const component c = set_stage();
  EXPECT_EQ(complaints(c, step_with(c, {pair(at("@level", 4), at("1", 10))})),
            "4+6: `@level` is not a field of the record: weir finds it out\n");
  EXPECT_EQ(set({{"`@level`", "1"}}, "{}"), R"({"@level":1})");
}

TEST(drop, takes_fields_out) {
  const component c = drop_stage();
  const auto step = step_with(c, {pair(at("a", 5), {}), pair(at("b.c", 8), {})});
  EXPECT_EQ(run(c, step, R"({"a":1,"b":{"c":2,"d":3}})"), R"({"b":{"d":3}})");
  EXPECT_EQ(complaints(c, step_with(c, {pair(at("a[0]", 5), {})})),
            "5+4: `a[0]` is an element of an array\n");
  EXPECT_EQ(complaints(c, step_with(c, {pair(at("@time", 5), {})})),
            "5+5: `@time` is not a field of the record: weir finds it out\n");
}

TEST(keep, takes_everything_else_out) {
  const component c = keep_stage();
  const auto step = step_with(c, {pair(at("b.d", 5), {}), pair(at("a", 10), {})});
  EXPECT_EQ(run(c, step, R"({"a":1,"b":{"c":2,"d":3},"e":4})"), R"({"a":1,"b":{"d":3}})");
}

TEST(rename, changes_names_in_place) {
  const component c = rename_stage();
  const auto step = step_with(c, {pair(at("a", 7), at("x", 12))});
  EXPECT_EQ(run(c, step, R"({"a":1,"b":2})"), R"({"x":1,"b":2})");
  EXPECT_EQ(complaints(c, step_with(c, {pair(at("a.b", 7), at("x", 12))})),
            "7+3: `rename` works on top-level fields, not on `a.b`\n");
}

argument option(std::string name, std::string text) {
  return {at(name, 0), at(text, 0), true};
}

TEST(search, finds_text_anywhere_in_the_record) {
  const component c = search_stage();
  const auto step = step_with(c, {}, {option("", "time \"out\"")});
  EXPECT_EQ(run(c, step, R"({"a":"x time \"out\" y"})"), R"({"a":"x time \"out\" y"})");
  EXPECT_EQ(run(c, step, R"({"a":"x"})"), "filtered");
  EXPECT_EQ(run(c, step, R"(a time "out")", shape::text), R"(a time "out")");
  EXPECT_EQ(run(c, step, "Time \"Out\"", shape::text), "filtered");
  const auto any_case = step_with(c, {}, {option("text", "TIME"), option("ignore_case", "true")});
  EXPECT_EQ(run(c, any_case, "a tiMe", shape::text), "a tiMe");
  EXPECT_EQ(run(c, any_case, "a tim", shape::text), "filtered");
}

TEST(time, keeps_a_stretch_that_is_open_at_its_end) {
  const component c = time_stage();
  const auto day = step_with(c, {}, {option("since", "2026-01-01"), option("until", "2026-01-02")});
  EXPECT_NE(run(c, day, R"({"time":"2026-01-01T00:00:00Z"})"), "filtered");
  EXPECT_NE(run(c, day, R"({"time":"2026-01-01T23:59:59.999Z"})"), "filtered");
  EXPECT_EQ(run(c, day, R"({"time":"2026-01-02T00:00:00Z"})"), "filtered");
  EXPECT_EQ(run(c, day, R"({"time":"2025-12-31T23:59:59Z"})"), "filtered");
  EXPECT_EQ(run(c, day, R"({"time":"soon"})"), "filtered");
}

TEST(time, a_duration_counts_back_from_the_start_of_the_run) {
  const component c = time_stage();
  const auto recent = step_with(c, {}, {option("since", "2h")});
  EXPECT_NE(run(c, recent, R"({"time":"2026-01-02T01:04:05Z"})"), "filtered");
  EXPECT_EQ(run(c, recent, R"({"time":"2026-01-02T01:04:04Z"})"), "filtered");
  EXPECT_NE(complaints(c, step_with(c, {}, {option("since", "yesterday")})), "");
}

}  // namespace
}  // namespace weir
