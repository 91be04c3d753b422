#include <gtest/gtest.h>

#include "unit/expr/running.hpp"

namespace weir::expr::testing {
namespace {

struct golden {
  std::string_view expression;
  std::string_view complaints;
};

// The exact messages: people read them, and scripts may match them.
constexpr golden messages[] = {
    // Syntax.
    {"", "0+0: the expression ends where a value should follow"},
    {"status =", "8+0: the expression ends where a value should follow"},
    {"status = = 5", "9+1: unexpected `=`, expected a value"},
    {"a == 1", "2+2: `==` is not an operator here (write `=`)"},
    {"a =~ 'x'", "2+2: `=~` is not an operator here (write `~`)"},
    {"a ~* 'x'",
     "2+2: `~*` is not an operator here (write `~`; a pattern that begins with (?i) ignores case)"},
    {"a in ['x']", "5+1: unexpected `[` (a list goes between parentheses: `x in (1, 2)`)"},
    {"a ilike 'x'",
     "2+5: unexpected `ilike` after the expression (write `lower(x) like 'a%'`; or `x ~ '(?i)a'`)"},
    {"a = 1 && b = 2", "6+2: `&&` is not an operator here (write `and`)"},
    {"a = 1 || b = 2",
     "6+2: `||` is not an operator here (write `or`; texts are joined by concat(a, b))"},
    {"!a", "0+1: `!` is not an operator here (write `not`)"},
    {"level \"ERROR\"",
     "6+7: unexpected text after the expression (compare with `=`, `!=`, `<`, `like`, `~` or `in "
     "(...)`)"},
    {"level = \"ERROR", "8+6: a text has no end (close it with \")"},
    {"`level = 1", "0+10: a quoted name has no end (close it with `` ` ``)"},
    {"'it''s' = a",
     "4+3: unexpected text after the expression (a quote inside a text is written \\' or \\\")"},
    {"user-agent like 'x", "16+2: a text has no end (close it with ')"},
    {"(a = 1", "6+0: the expression ends where `)` should follow"},
    {"a = 1)", "5+1: unexpected `)` after the expression"},
    {"a in 'x'", "5+3: unexpected text, expected `(`"},
    {"a in ()", "6+1: the list of `in` is empty"},
    {"a in (1, 2", "10+0: the expression ends where `,` or `)` should follow"},
    {"a in (1,, 2)", "8+1: unexpected `,`, expected a value"},
    {"lower(upper(", "12+0: the expression ends where a value should follow"},
    {"a between 1", "11+0: the expression ends where `and` should follow"},
    {"a is nothing", "5+7: unexpected `nothing`, expected `null`, `missing`, `true` or `false`"},
    {"a < b < c", "6+1: comparisons do not chain (join two of them with `and`)"},
    {"case when a then 1", "18+0: the expression ends where `end` should follow"},
    {"case a end",
     "7+3: unexpected `end`, expected `when` (`end` is a word of the language; a field of that "
     "name goes between backticks)"},
    {"a.", "2+0: the expression ends where a field name should follow"},
    {"a[x]", "2+1: unexpected `x`, expected the number of an element, from 0"},
    {"end = 1",
     "0+3: unexpected `end`, expected a value (`end` is a word of the language; a field of that "
     "name goes between backticks)"},
    {"a = 007", "4+3: a number does not begin with 0 (write `7`)"},
    {"a = 5apples",
     "4+7: `5apples` is neither a number nor a duration (durations look like `2h30m`; quote a "
     "text, and a field name that begins with a digit goes between backticks)"},
    {"a > 2h",
     "4+2: `2h` is a duration (it stands after a time: `now() - 2h`; quote it if it is a text)"},
    {"a = 1; b = 2",
     "5+1: unexpected `;` (an expression is one formula; `|` begins the next stage)"},
    {"a & b", "2+1: unexpected `&` (write `and`)"},
    {"a = {}",
     "4+1: unexpected `{` (there are no objects here; a field's path is `a.b`)\n"
     "5+1: unexpected `}` (there are no objects here; a field's path is `a.b`)"},
    {"a = 1 b = 2",
     "6+1: unexpected `b` after the expression (join conditions with `and` or `or`, "
     "assignments with a comma)"},
    {"a contains 'x'",
     "2+8: unexpected `contains` after the expression (it is a function: contains(text, part))"},
    {"a >= 2026-01-02",
     "10+2: a number does not begin with 0 (a date goes between quotes: '2026-01-02')\n"
     "13+2: a number does not begin with 0 (a date goes between quotes: '2026-01-02')"},
    // Functions.
    {"lowr(a) = 'x'", "0+4: unknown function `lowr` (did you mean `lower`?)"},
    {"frobnicate(a)", "0+10: unknown function `frobnicate`"},
    {"substr(a) = 'x'",
     "0+9: wrong number of arguments for `substr`: 1 (it is substr(text, start[, count]))"},
    {"now(1) > '2026-01-01'", "0+6: wrong number of arguments for `now`: 1 (it is now())"},
    {"lower(5) = 'x'",
     "6+1: argument 1 of `lower` has to be a text, this is a number (to_string(...) makes a text)"},
    {"date_trunc('hours', @time) = '2026-01-01'",
     "11+7: `date_trunc` cannot read `hours` (units are second, minute, hour, day, week, month, "
     "quarter and year)"},
    {"format_time(@time, '%q') = 'x'",
     "19+4: `format_time` cannot read `%q` (`%q` is no directive; `%Y-%m-%d %H:%M:%S` are the "
     "usual ones, `%%` is a percent sign)"},
    {"to_time('yesterday') > now()",
     "8+11: `to_time` cannot read `yesterday` (times look like `2026-01-02T03:04:05Z`, "
     "`2026-01-02` or seconds since 1970)"},
    {"time_add(now(), 'soon') > now()",
     "16+6: `time_add` cannot read `soon` (durations look like `2h30m` or `-7d`)"},
    {"env(a) = 'x'", "4+1: argument 1 of `env` has to be a constant text"},
    // Patterns.
    {"a ~ '(b'", "4+4: bad pattern: missing ): (b (the syntax is that of RE2)"},
    {"a ~ '(?=b)'",
     "4+7: bad pattern: invalid perl operator: (?= (patterns run in linear time and have no "
     "`(?=...)`)"},
    {"a ~ b", "4+1: a pattern has to be a constant text (write it as '...')"},
    {"matches(a, 5)", "11+1: a pattern has to be a constant text (write it as '...')"},
    {"a like '5%' escape '!!'", "19+4: `escape` takes one character (write it as `escape '!'`)"},
    {"a like 'x!' escape '!'", "7+4: the pattern ends with its escape character"},
    // Types.
    {"status + 1", "0+10: a number is no condition (compare it with something: `... > 0`)"},
    {"'a'",
     "0+3: a text is no condition (to compare a field with several texts write `x in ('a', 'b')`)"},
    {"level = 'a' or 'b'",
     "15+3: a text is no condition (to compare a field with several texts write `x in ('a', "
     "'b')`)"},
    {"'a' + 'b' = c",
     "0+3: arithmetic takes numbers, this is a text (texts are joined by concat(a, b); to_int(...) "
     "reads a number)\n"
     "6+3: arithmetic takes numbers, this is a text (texts are joined by concat(a, b); to_int(...) "
     "reads a number)"},
    {"length(a) = '5'",
     "0+15: a number is never equal to, less or greater than a text (convert one with to_int(...), "
     "to_float(...), to_string(...) or to_time(...))"},
    {"1 = 'x'",
     "0+7: a number is never equal to, less or greater than a text (convert one with to_int(...), "
     "to_float(...), to_string(...) or to_time(...))"},
    {"@time > 'yesterday'",
     "8+11: this is compared with a time, but is none (times look like `2026-01-02T03:04:05Z` or "
     "`2026-01-02`)"},
    {"5 like '5'", "0+1: `like` compares texts, this is a number (to_string(...) makes a text)"},
    {"not 5", "4+1: a number is no condition (compare it with something: `... > 0`)"},
    {"case when 1 then 2 end = 2",
     "10+1: a number is no condition (compare it with something: `... > 0`)"},
    // Warnings.
    {"a = null",
     "warning 0+8: a comparison with null is never true (write `is null` or `is not null`)"},
    {"null != a",
     "warning 0+9: a comparison with null is never true (write `is null` or `is not null`)"},
    {"level = error",
     "warning 8+5: `error` is a field here (quote it to compare the text, or use `level >= "
     "error`)"},
    {"level >= wran",
     "warning 9+4: `wran` is no severity, so it is read as a field (did you mean `warn`?)"},
    {"level >= 'warn'",
     "warning 9+6: this compares letters, not severities (write `warn` without quotes)"},
    {"lvl >= warn",
     "warning 7+4: `warn` is a field here (severities are compared with `level`, which finds `lvl` "
     "too: `level >= warn`)"},
    {"severity = ERROR",
     "warning 11+5: `ERROR` is a field here (severities are compared with `level`, which finds "
     "`severity` too: `level >= ERROR`)"},
    {"size >= low", ""},
    {"time > now() - 2h",
     "warning 0+4: a field is never a time, so this is never true (write `@time`, or "
     "`to_time(time)`)"},
    {"a = 1 or now() between b and @time",
     "warning 23+1: a field is never a time, so this is never true (write `@time`, or "
     "`to_time(b)`)"},
    // Several in one run.
    {"lowr(a) = 'x' and uper(b) = 'y'",
     "0+4: unknown function `lowr` (did you mean `lower`?)\n"
     "18+4: unknown function `uper` (did you mean `upper`?)"},
    {"a in (1 2, 3) and f(* 5) = g(1)",
     "8+1: unexpected `2`, expected `,` or `)`\n"
     "20+1: unexpected `*`, expected a value\n"
     "18+1: unknown function `f` (did you mean `if`?)\n"
     "27+1: unknown function `g`"},
    {"1 + 'a' = 2 and lower(3) = 4",
     "4+3: arithmetic takes numbers, this is a text (texts are joined by concat(a, b); to_int(...) "
     "reads a number)\n"
     "22+1: argument 1 of `lower` has to be a text, this is a number (to_string(...) makes a "
     "text)\n"
     "16+12: a text is never equal to, less or greater than a number (convert one with "
     "to_int(...), to_float(...), to_string(...) or to_time(...))"},
};

TEST(complaints, are_exact) {
  for (const golden& g : messages) {
    EXPECT_EQ(complaints_about(g.expression), g.complaints) << g.expression;
  }
}

TEST(complaints, point_into_the_whole_pipeline) {
  reporter report;
  EXPECT_FALSE(compile({"a = nope(1)", {40, 11}}, report));
  ASSERT_EQ(report.found().size(), 1u);
  EXPECT_EQ(report.found()[0].where, (text_span{44, 4}));
}

TEST(complaints, nesting_and_length_have_limits) {
  const std::string deep = std::string(5000, '(') + "1" + std::string(5000, ')');
  EXPECT_NE(complaints_about(deep).find("nested too deeply"), std::string::npos);
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += "+1";
  EXPECT_NE(complaints_about(sum).find("nested too deeply"), std::string::npos);
  std::string nots;
  for (int i = 0; i < 5000; ++i) nots += "not ";
  EXPECT_NE(complaints_about(nots + "a").find("nested too deeply"), std::string::npos);
  EXPECT_NE(complaints_about(std::string(5000, '-') + "a").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(complaints_about(std::string(70'000, ' ') + "1").find("too long"), std::string::npos);
  std::string many = "a = 0";
  for (int i = 0; i < 2000; ++i) many += " or a = " + std::to_string(i);
  EXPECT_EQ(complaints_about(many), "");
}

TEST(complaints, a_warning_does_not_stop_the_pipeline) {
  reporter report;
  EXPECT_TRUE(compile_condition({"a = null", {0, 8}}, report));
  EXPECT_TRUE(report.ok());
}

TEST(complaints, of_others_do_not_stop_an_expression) {
  reporter report;
  report.error("something else", {});
  EXPECT_TRUE(compile({"1 + 1", {0, 5}}, report));
}

}  // namespace
}  // namespace weir::expr::testing
