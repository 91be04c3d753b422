#include "parse/layout.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

constexpr layout_names names{
    .numbers = "request_time", .times = "time_iso8601", .status = "status"};

std::string read(std::string_view format, std::string_view line, layout_settings how = {}) {
  const auto made = read_layout(format, names);
  if (!made) return made.error();
  const auto shared = std::make_shared<const layout>(*made);
  return test::outcome_of(std::make_unique<layout_parser>(shared, how), line);
}

TEST(Layout, VariablesBecomeFieldsOfTheirName) {
  EXPECT_EQ(read("$host ${status}ms", "a.example 200ms"), R"({"host":"a.example","status":200})");
  EXPECT_EQ(read("<$a|$b>", "<x y|z>"), R"({"a":"x y","b":"z"})");
  EXPECT_EQ(read("$a $b", "1 2"), R"({"a":"1","b":"2"})");
}

TEST(Layout, ADashAndAnEmptyTextAreMissing) {
  EXPECT_EQ(read("$a \"$b\" [$c] $status", "- \"\" [] -"), "{}");
}

TEST(Layout, QuotesEndWhereNoBackslashStandsInFront) {
  EXPECT_EQ(read("\"$a\" $b", R"("x \"y\" \\" z)"), R"({"a":"x \\\"y\\\" \\\\","b":"z"})");
}

TEST(Layout, ATimeOfAccessLogsHoldsABlank) {
  EXPECT_EQ(read("$time_local $a", "02/Jan/2026:09:14:07 +0100 x"),
            R"({"time_local":"02/Jan/2026:09:14:07 +0100","a":"x"})");
}

TEST(Layout, TheClassOfTheStatusIsALevelOnRequest) {
  const layout_settings how{.lenient = true, .status_level = true};
  EXPECT_EQ(read("$status $a", "404 x", how), R"({"status":404,"a":"x","level":"warn"})");
  EXPECT_EQ(read("$status $a", "- x", how), R"({"a":"x"})");
  EXPECT_EQ(read("$status $a", "5xx x", how), R"({"status":"5xx","a":"x"})");
}

TEST(Layout, ARequestIsTakenApart) {
  EXPECT_EQ(read("\"$request\" $status", "\"GET /a HTTP/1.1\" 000"),
            R"({"method":"GET","path":"/a","protocol":"HTTP/1.1","status":0})");
  EXPECT_EQ(read("\"$request\"", "\"\\x16\\x03\""), R"({"request":"\\x16\\x03"})");
}

TEST(Layout, ValuesOfSeveralUpstreamsStayTogether) {
  EXPECT_EQ(read("$upstream_addr $upstream_status $a", "10.0.0.1:80, 10.0.0.2:80 502, 200 x"),
            R"({"upstream_addr":"10.0.0.1:80, 10.0.0.2:80","upstream_status":"502, 200","a":"x"})");
  EXPECT_EQ(read("$upstream_status $a", "502 : 200 x"),
            R"({"upstream_status":"502 : 200","a":"x"})");
  EXPECT_EQ(read("$upstream_status $a", "502 x"), R"({"upstream_status":502,"a":"x"})");
}

TEST(Layout, StrictChecksTimesAndNumbersAndTheEnd) {
  EXPECT_EQ(read("$a $status", "x y"), "expected a number @ 2");
  EXPECT_EQ(read("$a $status", "x y", {.lenient = true}), R"({"a":"x","status":"y"})");
  EXPECT_EQ(read("[$time_iso8601]", "[now]"), "malformed time @ 1");
  EXPECT_EQ(read("[$a]", "[x] y"), "text behind the last field @ 3");
  EXPECT_EQ(read("[$a]", "[x] y", {.lenient = true}), R"({"a":"x","rest":"y"})");
  EXPECT_EQ(read("[$a]", "x"), "the line does not begin as the format @ 0");
  EXPECT_EQ(read("$a [$b]", "x y"), "the line does not go on as the format @ 0");
}

TEST(Layout, SaysWhatIsWrongWithAFormat) {
  EXPECT_EQ(read("$a$b", ""), "nothing stands between `$a` and the next field");
  EXPECT_EQ(read("$ a", ""), "`$` without the name of a field");
  EXPECT_EQ(read("${a", ""), "`$` without the name of a field");
  EXPECT_EQ(read("text", ""), "the format names no field");
}

}  // namespace
}  // namespace weir
