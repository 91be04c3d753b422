#include <gtest/gtest.h>

#include "unit/expr/running.hpp"

namespace weir::expr::testing {
namespace {

TEST(expression, literals_and_fields) {
  EXPECT_EQ(result("1.50"), "1.50");
  EXPECT_EQ(result("'it\\'s' "), R"("it's")");
  EXPECT_EQ(result(R"("a\tb\d")"), R"("a\tb\\d")");
  EXPECT_EQ(result("TRUE"), "true");
  EXPECT_EQ(result("null"), "null");
  EXPECT_EQ(result("a.b[1]", R"({"a":{"b":[1,{"c":2}]}})"), R"({"c":2})");
  EXPECT_EQ(result("a.b[1].c", R"({"a":{"b":[1,{"c":2}]}})"), "2");
  EXPECT_EQ(result("`user agent`", R"({"user agent":"x"})"), R"("x")");
  EXPECT_EQ(result("`end`.end", R"({"end":{"end":1}})"), "1");
  EXPECT_EQ(result("nope", R"({"a":1})"), "missing");
  EXPECT_EQ(result("@timestamp", R"({"@timestamp":"t"})"), R"("t")");
}

TEST(expression, a_number_that_is_only_passed_on_keeps_its_text) {
  EXPECT_EQ(result("n", R"({"n":12345678901234567890123})"), "12345678901234567890123");
  EXPECT_EQ(result("n", R"({"n":1.10})"), "1.10");
}

TEST(expression, precedence_is_that_of_sql) {
  EXPECT_EQ(result("1 + 2 * 3"), "7");
  EXPECT_EQ(result("(1 + 2) * 3"), "9");
  EXPECT_EQ(result("10 - 3 - 2"), "5");
  EXPECT_EQ(result("- 2 * -3"), "6");
  EXPECT_EQ(result("7 % 4 + 1 = 4 and not 1 = 2 or false"), "true");
  EXPECT_EQ(result("true or true and false"), "true");
  EXPECT_EQ(result("not true or true"), "true");
  EXPECT_EQ(result("1 between 0 and 2 and false"), "false");
}

TEST(expression, integers_are_exact_and_overflow_is_null) {
  EXPECT_EQ(result("9223372036854775806 + 1"), "9223372036854775807");
  EXPECT_EQ(result("9223372036854775807 + 1"), "null");
  EXPECT_EQ(result("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(result("- n", R"({"n":-9223372036854775808})"), "null");
  EXPECT_EQ(result("4611686018427387904 * 2"), "null");
  EXPECT_EQ(result("n % -1", R"({"n":-9223372036854775808})"), "0");
}

TEST(expression, division_is_of_floats_and_by_zero_is_null) {
  EXPECT_EQ(result("7 / 2"), "3.5");
  EXPECT_EQ(result("6 / 2"), "3.0");
  EXPECT_EQ(result("1 / 0"), "null");
  EXPECT_EQ(result("1 % 0"), "null");
  EXPECT_EQ(result("1.5 % 0"), "null");
  EXPECT_EQ(result("1e308 * 10"), "null");
  EXPECT_EQ(result("-7 % 3"), "-1");
  EXPECT_EQ(result("7.5 % 2"), "1.5");
}

TEST(expression, numbers_compare_exactly_whatever_their_kinds) {
  // 2^53 + 1 is where a cast to double would lose the difference.
  EXPECT_EQ(result("9007199254740993 = 9007199254740992.0"), "false");
  EXPECT_EQ(result("9007199254740993 > 9007199254740992.0"), "true");
  EXPECT_EQ(result("9007199254740992 = 9007199254740992.0"), "true");
  EXPECT_EQ(result("9223372036854775807 < 9223372036854775808.0"), "true");
  EXPECT_EQ(result("-9223372036854775808 = -9223372036854775808.0"), "true");
  EXPECT_EQ(result("1 < 1.5"), "true");
  EXPECT_EQ(result("-1 > -1.5"), "true");
  EXPECT_EQ(result("0.1 = 0.10"), "true");
}

TEST(expression, big_numbers_compare_by_their_digits) {
  const char* big =
      R"({"a":123456789012345678901234567890,"b":123456789012345678901234567891,"c":1e999})";
  EXPECT_EQ(result("a < b", big), "true");
  EXPECT_EQ(result("a = 123456789012345678901234567890", big), "true");
  EXPECT_EQ(result("a = 12345678901234567890123456789e1", big), "false");  // a float, rounded
  EXPECT_EQ(result("a > 9223372036854775807", big), "true");
  EXPECT_EQ(result("c > 1.7e308", big), "true");
  EXPECT_EQ(result("c = 10e998", big), "true");
  EXPECT_EQ(result("-1e999 < -5"), "true");
  EXPECT_EQ(result("1e-999 > 0"), "true");
  EXPECT_EQ(result("18446744073709551616 = 18446744073709551616.0"), "true");
  EXPECT_EQ(result("a + 1", big), "null");
}

TEST(expression, logic_has_three_values) {
  for (const char* text : {"x = 1", "not (x = 1)", "x = 1 and true", "x = 1 or false", "x != 5",
                           "x in (1, 2)", "1 in (2, x)", "1 not in (2, x)", "x between 1 and 2",
                           "1 between x and 2", "x like 'a'", "x ~ 'a'", "not x"}) {
    EXPECT_EQ(result(text), "null") << text;
  }
  EXPECT_EQ(result("x = 1 and false"), "false");
  EXPECT_EQ(result("x = 1 or true"), "true");
  EXPECT_EQ(result("1 in (1, x)"), "true");
  EXPECT_EQ(result("1 between x and 0"), "false");
  EXPECT_EQ(result("x is null"), "true");
  EXPECT_EQ(result("(x = 1) is true"), "false");
  EXPECT_EQ(result("(x = 1) is not false"), "true");
}

TEST(expression, missing_and_null_differ_only_for_is_missing) {
  constexpr auto json = R"({"n":null,"v":0})";
  EXPECT_EQ(result("n is missing", json), "false");
  EXPECT_EQ(result("m is missing", json), "true");
  EXPECT_EQ(result("v is not missing", json), "true");
  EXPECT_EQ(result("n is null and m is null", json), "true");
  EXPECT_EQ(result("coalesce(m, n, v)", json), "0");
  EXPECT_EQ(result("m + 1", json), "null");
  EXPECT_EQ(result("lower(m)", json), "null");
}

TEST(expression, values_of_different_types_compare_as_unknown_and_are_counted) {
  std::uint64_t count = 0;
  EXPECT_EQ(verdict_of("n = 'x'", R"({"n":5})", &count), "unknown");
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(verdict_of("n >= 500", R"({"n":"500"})", &count), "unknown");
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(verdict_of("n not in ('a', 'b')", R"({"n":true})", &count), "unknown");
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(verdict_of("n = m", R"({"n":[1],"m":[1]})", &count), "unknown");
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(verdict_of("n >= 500", R"({"n":null})", &count), "unknown");
  EXPECT_EQ(count, 0u);
  EXPECT_EQ(verdict_of("n", R"({"n":1})", &count), "unknown");
  EXPECT_EQ(count, 1u);
}

TEST(expression, strings_compare_unescaped_and_by_bytes) {
  EXPECT_EQ(verdict_of("s = 'a/b'", R"({"s":"a\/b"})"), "yes");
  EXPECT_EQ(verdict_of("s in ('x', 'Aé')", R"({"s":"\u0041\u00e9"})"), "yes");
  EXPECT_EQ(verdict_of("s < 'a'", R"({"s":"Z"})"), "yes");
  EXPECT_EQ(verdict_of("s > 'z'", R"({"s":"é"})"), "yes");
  EXPECT_EQ(verdict_of("s like '%\n%'", R"({"s":"a\nb"})"), "yes");
  EXPECT_EQ(verdict_of("length(s) = 1", R"({"s":"\uD834\uDD1E"})"), "yes");
}

TEST(expression, field_against_constants_on_the_hot_path) {
  EXPECT_EQ(verdict_of("level in ('WARN', 'ERROR')", R"({"level":"ERROR"})"), "yes");
  EXPECT_EQ(verdict_of("level in ('WARN', 'ERROR')", R"({"level":"INFO"})"), "no");
  EXPECT_EQ(verdict_of("level not in ('WARN', 'ERROR')", R"({"level":"INFO"})"), "yes");
  EXPECT_EQ(verdict_of("level not in ('WARN', 'ERROR')", "{}"), "unknown");
  EXPECT_EQ(verdict_of("a != 'x'", R"({"a":"x"})"), "no");
  EXPECT_EQ(verdict_of("a != 'x'", R"({"a":"y"})"), "yes");
  EXPECT_EQ(verdict_of("n >= 500", R"({"n":500})"), "yes");
  EXPECT_EQ(verdict_of("n >= 500", R"({"n":499.9})"), "no");
  EXPECT_EQ(verdict_of("n < 500", R"({"n":99999999999999999999})"), "no");
}

TEST(expression, a_long_list_is_searched) {
  std::string list;
  for (int i = 0; i < 100; ++i) list += (i ? ", 'v" : "'v") + std::to_string(i) + "'";
  for (const char* v : {"v0", "v7", "v42", "v99"}) {
    EXPECT_EQ(verdict_of("f in (" + list + ")", R"({"f":")" + std::string{v} + R"("})"), "yes")
        << v;
  }
  EXPECT_EQ(verdict_of("f in (" + list + ")", R"({"f":"v100"})"), "no");
}

TEST(expression, like_has_percent_underscore_and_escape) {
  EXPECT_EQ(result("'/api/v1' like '/api/%'"), "true");
  EXPECT_EQ(result("'abc' like 'a_c'"), "true");
  EXPECT_EQ(result("'aéc' like 'a_c'"), "true");
  EXPECT_EQ(result("'ABC' like 'abc'"), "false");
  EXPECT_EQ(result("'abc' not like '%b'"), "true");
  EXPECT_EQ(result("'50%' like '50!%' escape '!'"), "true");
  EXPECT_EQ(result("'500' like '50!%' escape '!'"), "false");
  EXPECT_EQ(result("'' like '%'"), "true");
  EXPECT_EQ(result("'aXbXc' like '%X%X%'"), "true");
  EXPECT_EQ(result("'abab' like '%ab'"), "true");
}

TEST(expression, regexes_match_anywhere) {
  EXPECT_EQ(result("'GET /a' ~ '^(GET|HEAD) '"), "true");
  EXPECT_EQ(result("'POST' !~ 'GET'"), "true");
  EXPECT_EQ(result("extract('a=1 b=22', 'b=(\\d+)')"), R"("22")");
  EXPECT_EQ(result("extract('a=1', '\\w=\\d')"), R"("a=1")");
  EXPECT_EQ(result("extract('a=1', '(x)?(=)', 1)"), "null");
  EXPECT_EQ(result("extract('a=1', 'zzz')"), "null");
  EXPECT_EQ(result("extract('a=1', 'a', 3)"), "null");
}

TEST(expression, case_takes_the_first_that_is_true) {
  constexpr auto by_condition = "case when n > 5 then 'big' when n > 2 then 'mid' else 'small' end";
  EXPECT_EQ(result(by_condition, R"({"n":9})"), R"("big")");
  EXPECT_EQ(result(by_condition, R"({"n":3})"), R"("mid")");
  EXPECT_EQ(result(by_condition, "{}"), R"("small")");
  EXPECT_EQ(result("case when n = 1 then 'x' end", "{}"), "null");
  EXPECT_EQ(result("case n when 1 then 'one' when 2 then 'two' end", R"({"n":2.0})"), R"("two")");
  EXPECT_EQ(result("case n when 1 then 'one' else 'other' end", "{}"), R"("other")");
}

TEST(expression, a_bare_severity_is_compared_with_the_normalised_level) {
  constexpr auto rec = R"({"level":"WARNING"})";
  EXPECT_EQ(verdict_of("level >= warn", rec), "yes");
  EXPECT_EQ(verdict_of("level > warn", rec), "no");
  EXPECT_EQ(verdict_of("error > @level", rec), "yes");
  EXPECT_EQ(verdict_of("level between info and err", rec), "yes");
  EXPECT_EQ(verdict_of("level not between info and err", rec), "no");
  EXPECT_EQ(verdict_of("level = 'WARNING'", rec), "yes");
  EXPECT_EQ(verdict_of("@level = 'warn'", rec), "yes");
  EXPECT_EQ(verdict_of("level >= fatal", R"({"lvl":50})"), "no");
  EXPECT_EQ(verdict_of("level >= error", R"({"lvl":50})"), "yes");
  // hclog, .NET, Monolog, PostgreSQL's jsonlog, MongoDB, Application Insights, Go's slog
  for (const char* warning :
       {R"({"@level":"warn"})", R"({"LogLevel":"Warning"})",
        R"({"level":300,"level_name":"WARNING"})", R"({"error_severity":"WARNING"})",
        R"({"s":"W","t":{"$date":"2026-01-12T10:22:33Z"}})", R"({"severityLevel":2})",
        R"({"level":"WARN+1"})"}) {
    EXPECT_EQ(verdict_of("level >= warn and level < error", warning), "yes") << warning;
  }
  EXPECT_EQ(verdict_of("level >= warn", R"({"s":"W"})"), "unknown");
  EXPECT_EQ(verdict_of("level <= err", R"({"severity":3})"), "yes");
  EXPECT_EQ(verdict_of("level >= warn", R"({"log":{"level":"E"}})"), "yes");
  EXPECT_EQ(verdict_of("level >= warn", R"({"log.level":"error"})"), "yes");
  EXPECT_EQ(verdict_of("level >= warn", R"({"severityNumber":17})"), "yes");
  EXPECT_EQ(verdict_of("level >= warn", R"({"levelno":20})"), "no");
  EXPECT_EQ(verdict_of("level >= warn", "{}"), "unknown");
  EXPECT_EQ(verdict_of("level >= warn", R"({"level":"strange"})"), "unknown");
}

TEST(expression, levels_are_known_as_programs_write_them) {
  const auto level = [](std::string_view json) { return result("@level", json); };
  // OpenTelemetry's "Logs Data Model": 9 to 12 are INFO, 17 to 20 ERROR
  EXPECT_EQ(level(R"({"SeverityText":"WARN","Body":"x"})"), R"("warn")");
  EXPECT_EQ(level(R"({"SeverityNumber":17,"Body":"x"})"), R"("error")");
  // Application Insights: 3 is Error
  EXPECT_EQ(level(R"({"SeverityLevel":3,"Message":"x"})"), R"("error")");
  // log15, logrus on a terminal, npm's, loguru's, MongoDB 4.4
  EXPECT_EQ(level(R"({"lvl":"eror"})"), R"("error")");
  EXPECT_EQ(level(R"({"level":"DEBU"})"), R"("debug")");
  EXPECT_EQ(level(R"({"level":"http"})"), R"("debug")");
  EXPECT_EQ(level(R"({"level":"SUCCESS"})"), R"("info")");
  EXPECT_EQ(level(R"({"s":"D1","t":{"$date":"2026-01-12T10:22:33Z"}})"), R"("debug")");
  // winston's format.colorize()
  EXPECT_EQ(level(R"({"level":"\u001b[31merror\u001b[39m","message":"x"})"), R"("error")");
  EXPECT_EQ(level(R"({"level":"[WARNING ]"})"), R"("warn")");
  // zap.NewDevelopmentEncoderConfig: L and T
  EXPECT_EQ(level(R"({"L":"WARN","T":"2026-01-12T10:22:33Z","M":"x"})"), R"("warn")");
  EXPECT_EQ(level(R"({"L":"WARN"})"), "missing");
  // github.com/serilog/serilog-formatting-compact: absence of @l implies informational
  EXPECT_EQ(level(R"({"@t":"2026-01-12T10:22:33Z","@mt":"Hello {Name}"})"), R"("info")");
  EXPECT_EQ(level(R"({"@t":"2026-01-12T10:22:33Z","@m":"x","@l":"Warning"})"), R"("warn")");
  EXPECT_EQ(level(R"({"@t":"2026-01-12T10:22:33Z","@m":"x","@l":"Own"})"), "missing");
  EXPECT_EQ(level(R"({"@t":"2026-01-12T10:22:33Z"})"), "missing");
}

// The lines are those of zap, logrus, klog, Python's logging, log4j, and of PostgreSQL's image.
TEST(expression, the_level_of_a_containers_line_is_that_of_what_it_wrote) {
  const auto level_of_line = [](std::string_view line) {
    std::string record = R"({"stream":"stderr","tag":"F","message":)";
    write_json_string(line, record);
    return result("@level", record + "}");
  };
  EXPECT_EQ(level_of_line(R"( {"msg":"x","level":"warn"})"), R"("warn")");
  EXPECT_EQ(level_of_line(R"({"msg":"x","level":40})"), R"("warn")");
  EXPECT_EQ(level_of_line(R"({"level":"warn")"), "missing");
  EXPECT_EQ(level_of_line(R"(time="2026-01-02T09:14:07Z" level=error msg="a level=info")"),
            R"("error")");
  EXPECT_EQ(level_of_line(R"(msg="level=info" x)"), "missing");
  EXPECT_EQ(level_of_line("W0102 09:14:07.692994  28133 reflector.go:70] watch ended"),
            R"("warn")");
  EXPECT_EQ(level_of_line("2026-01-02 09:14:07,115 - shop - ERROR"), "missing");
  EXPECT_EQ(level_of_line("2026-01-02 09:14:07,115 ERROR [main] a.b.C: x"), R"("error")");
  EXPECT_EQ(level_of_line("[2026-01-02 09:14:07] [warning] x"), R"("warn")");
  EXPECT_EQ(level_of_line("ERROR 2026-01-02T09:14:07Z x"), R"("error")");
  EXPECT_EQ(level_of_line("2026-01-02 09:14:07.123 UTC [1] LOG:  ready"), R"("info")");
  EXPECT_EQ(level_of_line("2026-01-02 09:14:07 error on disk"), R"("error")");
  EXPECT_EQ(level_of_line("2026-01-02 09:14:07 note that"), "missing");
  EXPECT_EQ(level_of_line("an error at 09:14:07"), "missing");
  EXPECT_EQ(result("@level", R"({"log":"level=warn x=\"y\"\n","stream":"stdout"})"), R"("warn")");
  EXPECT_EQ(result("@level", R"({"container":"web-1","message":"level=warn"})"), R"("warn")");
  EXPECT_EQ(result("@level", R"({"level":"info","stream":"stdout","log":"level=warn"})"),
            R"("info")");
  EXPECT_EQ(result("@level", R"({"message":"level=warn"})"), "missing");
}

TEST(expression, virtual_fields) {
  EXPECT_EQ(result("@record"), "7");
  EXPECT_EQ(result("@source"), R"("test.log")");
  EXPECT_EQ(result("@time", R"({"ts":1700000000.25})"), R"("2023-11-14T22:13:20.250Z")");
  EXPECT_EQ(result("@time", R"({"time":0.35,"timestamp":"2026-01-02T03:04:05+01:00"})"),
            R"("2026-01-02T02:04:05Z")");
  EXPECT_EQ(result("@time", R"({"@timestamp":"2026-01-02 03:04:05"})"),
            R"("2026-01-02T03:04:05Z")");
  EXPECT_EQ(result("@time", R"({"date":"2026-01-02"})"), R"("2026-01-02T00:00:00Z")");
  EXPECT_EQ(result("@time", "{}"), "missing");
  EXPECT_EQ(result("@level", "{}"), "missing");
  EXPECT_EQ(result("`@record`"), "missing");
}

TEST(expression, times) {
  EXPECT_EQ(result("now()"), R"("2026-01-02T03:04:05Z")");
  EXPECT_EQ(result("now() - 1h30m"), R"("2026-01-02T01:34:05Z")");
  EXPECT_EQ(result("to_time('2026-01-02') + 1d"), R"("2026-01-03T00:00:00Z")");
  EXPECT_EQ(result("now() - to_time('2026-01-02T03:04:00Z')"), "5.0");
  EXPECT_EQ(result("now() > '2026-01-02'"), "true");
  EXPECT_EQ(result("@time between '2026-01-01' and '2026-01-03'", R"({"time":"2026-01-02"})"),
            "true");
  EXPECT_EQ(result("hour(t)", R"({"t":"2026-01-02T03:04:05-02:00"})"), "5");
  EXPECT_EQ(result("to_time(t)", R"({"t":1700000000123})"), R"("2023-11-14T22:13:20.123Z")");
  EXPECT_EQ(result("to_time(t)", R"({"t":"soon"})"), "null");
}

TEST(expression, results_never_grow_without_bound) {
  EXPECT_EQ(result("length(repeat('ab', 500000))"), "1000000");
  EXPECT_EQ(result("repeat('ab', 600000)"), "null");
  EXPECT_EQ(result("lpad('x', 2000000)"), "null");
  EXPECT_EQ(result("replace(repeat('a', 1000), 'a', repeat('b', 10000))"), "null");
  EXPECT_EQ(result("concat(repeat('a', 900000), repeat('a', 900000))"), "null");
  EXPECT_EQ(result("repeat('a', 9223372036854775807)"), "null");
}

TEST(expression, text_functions_count_characters) {
  EXPECT_EQ(result("substr('añbñc', 2, 3)"), R"("ñbñ")");
  EXPECT_EQ(result("substr('abc', -2)"), R"("bc")");
  EXPECT_EQ(result("substr('abc', 0, 2)"), R"("a")");
  EXPECT_EQ(result("substr('abc', 9)"), R"("")");
  EXPECT_EQ(result("substr('abc', 1, -1)"), "null");
  EXPECT_EQ(result("right('añb', 2)"), R"("ñb")");
  EXPECT_EQ(result("left('abc', -1)"), R"("")");
  EXPECT_EQ(result("lpad('ñ', 3, 'ab')"), R"("abñ")");
  EXPECT_EQ(result("rpad('abc', 2)"), R"("ab")");
  EXPECT_EQ(result("position('añb', 'b')"), "3");
  EXPECT_EQ(result("split_part('a,b', ',', 3)"), "null");
  EXPECT_EQ(result("split_part('', ',', 1)"), R"("")");
  EXPECT_EQ(result("url_host('http://[::1]:80/x')"), R"("::1")");
  EXPECT_EQ(result("url_path('/x?y')"), R"("/x")");
  EXPECT_EQ(result("url_path('http://h')"), R"("")");
}

TEST(expression, numbers_are_rounded_and_converted) {
  EXPECT_EQ(result("round(-2.5)"), "-3");
  EXPECT_EQ(result("round(2.345, 2)"), "2.35");
  EXPECT_EQ(result("round(1234, -2)"), "1200.0");
  EXPECT_EQ(result("floor(1e300)"), "1e+300");
  EXPECT_EQ(result("abs(-9223372036854775808)"), "null");
  EXPECT_EQ(result("sqrt(-1)"), "null");
  EXPECT_EQ(result("ln(0)"), "null");
  EXPECT_EQ(result("to_int('9223372036854775808')"), "null");
  EXPECT_EQ(result("to_int('12abc')"), "null");
  EXPECT_EQ(result("to_int(-1.9)"), "-1");
  EXPECT_EQ(result("to_int('1e3')"), "1000");
  EXPECT_EQ(result("to_float(n)", R"({"n":18446744073709551616})"), "18446744073709551616.0");
  EXPECT_EQ(result("to_float('inf')"), "null");
  EXPECT_EQ(result("to_string(o)", R"({"o":{"a":[1, 2]}})"), R"("{\"a\":[1, 2]}")");
  EXPECT_EQ(result("least(2, 'a')"), "null");
}

}  // namespace
}  // namespace weir::expr::testing
