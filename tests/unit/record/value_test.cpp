#include "weir/value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

namespace weir {
namespace {

std::string written(const value& v) {
  std::string out;
  write_json(v, out);
  return out;
}

std::string unescaped(std::string_view json_string) {
  std::string out;
  unescape(json_string, out);
  return out;
}

std::string as_json(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

TEST(read_json, each_kind_is_told_from_its_first_byte) {
  EXPECT_EQ(read_json("null").type, kind::null);
  EXPECT_TRUE(read_json("true").boolean);
  EXPECT_FALSE(read_json("false").boolean);
  EXPECT_EQ(read_json("[1,2]").text, "[1,2]");
  EXPECT_EQ(read_json("{}").type, kind::object);
  EXPECT_EQ(read_json(R"("a")").text, "a");
  EXPECT_EQ(read_json("").type, kind::missing);
}

TEST(read_json, int64_is_exact_to_its_last_value) {
  EXPECT_EQ(read_json("9223372036854775807").integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read_json("-9223372036854775808").integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read_json("-0").integer, 0);
}

TEST(read_json, an_integer_beyond_int64_keeps_its_text) {
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "123456789012345678901234567890"}) {
    const value v = read_json(text);
    EXPECT_EQ(v.type, kind::decimal);
    EXPECT_EQ(v.text, text);
  }
}

TEST(read_json, a_float_that_double_cannot_reach_keeps_its_text) {
  EXPECT_EQ(read_json("1e999").type, kind::decimal);
  EXPECT_EQ(read_json("-1e999").type, kind::decimal);
  EXPECT_EQ(read_json("1e-999").type, kind::decimal);
  EXPECT_EQ(read_json("1.5e300").type, kind::real);
}

TEST(read_json, only_a_string_with_a_backslash_is_escaped) {
  EXPECT_FALSE(read_json(R"("plain")").escaped);
  EXPECT_TRUE(read_json(R"("a\nb")").escaped);
}

TEST(write_json, a_number_that_was_read_is_written_as_it_was_read) {
  for (const char* text : {"1.10", "1E5", "-0", "0.1e-7", "1e999", "18446744073709551616"}) {
    EXPECT_EQ(written(read_json(text)), text);
  }
}

TEST(write_json, a_computed_float_stays_a_float_and_what_json_has_not_is_null) {
  EXPECT_EQ(written(value::of(2.0)), "2.0");
  EXPECT_EQ(written(value::of(0.1)), "0.1");
  EXPECT_EQ(written(value::of(1e22)), "1e+22");
  EXPECT_EQ(written(value::of(std::nan(""))), "null");
  EXPECT_EQ(written(value::of(-std::numeric_limits<double>::infinity())), "null");
}

TEST(write_json, the_other_kinds) {
  EXPECT_EQ(written({}), "null");
  EXPECT_EQ(written(value::of(true)), "true");
  EXPECT_EQ(written(value::of(std::int64_t{-5})), "-5");
  EXPECT_EQ(written(read_json(R"({"a":[1, 2]})")), R"({"a":[1, 2]})");
  EXPECT_EQ(written(value::at_nanoseconds(1'500'000'000)), R"("1970-01-01T00:00:01.500Z")");
  EXPECT_EQ(written(read_json(R"("a\u00e9\n")")), R"("a\u00e9\n")");
}

TEST(write_json_string, control_bytes_quotes_and_backslashes_are_escaped_wherever_they_stand) {
  EXPECT_EQ(as_json("0123456789\"abcdefghijk\\"), R"("0123456789\"abcdefghijk\\")");
  EXPECT_EQ(as_json(std::string_view{"\0\x1f\x1b[1m\n\t", 8}), R"("\u0000\u001f\u001b[1m\n\t")");
  EXPECT_EQ(as_json("caf\xc3\xa9 \x7f"), "\"caf\xc3\xa9 \x7f\"");
}

TEST(write_json, a_raw_control_byte_in_an_escaped_string_is_escaped) {
  EXPECT_EQ(written(read_json("\"a\\tb\x01\"")), "\"a\\tb\\u0001\"");
}

// The expected values are those of RFC 8259 section 7 and of its surrogate example.
TEST(unescape, escapes_of_the_standard) {
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u005C \u00e9 \u20AC)"), "\\ \xc3\xa9 \xe2\x82\xac");
  EXPECT_EQ(unescaped(R"(\uD834\uDD1E)"), "\xf0\x9d\x84\x9e");
}

TEST(unescape, a_lone_surrogate_becomes_the_replacement_character) {
  constexpr auto replacement = "\xef\xbf\xbd";
  EXPECT_EQ(unescaped(R"(\uD800)"), replacement);
  EXPECT_EQ(unescaped(R"(\uDC00)"), replacement);
  EXPECT_EQ(unescaped(R"(\uD800x)"), std::string{replacement} + "x");
  EXPECT_EQ(unescaped(R"(\uD800\uD834\uDD1E)"), std::string{replacement} + "\xf0\x9d\x84\x9e");
}

TEST(unescape, a_malformed_escape_becomes_the_replacement_character) {
  constexpr auto replacement = "\xef\xbf\xbd";
  EXPECT_EQ(unescaped(R"(\q)"), std::string{replacement} + "q");
  EXPECT_EQ(unescaped(R"(\u12)"), std::string{replacement} + "12");
  EXPECT_EQ(unescaped("a\\"), std::string{"a"} + replacement);
}

RC_GTEST_PROP(write_json_string, unescape_gives_the_text_back, (const std::string& text)) {
  const std::string json = as_json(text);
  RC_ASSERT(unescaped(std::string_view{json}.substr(1, json.size() - 2)) == text);
}

TEST(parse_path, members_elements_and_odd_names) {
  using segment = field_path::segment;
  EXPECT_EQ(parse_path("a.b[0]").segments, (std::vector<segment>{{"a", -1}, {"b", -1}, {"", 0}}));
  EXPECT_EQ(parse_path("`user agent`.`a``b`").segments,
            (std::vector<segment>{{"user agent", -1}, {"a`b", -1}}));
  EXPECT_EQ(parse_path("@timestamp").segments, (std::vector<segment>{{"@timestamp", -1}}));
  EXPECT_EQ(parse_path("``").segments, (std::vector<segment>{{"", -1}}));
}

TEST(parse_path, what_is_no_path_gives_an_empty_one) {
  for (const char* text : {"", ".", "a.", ".a", "a..b", "a b", "a[", "a[x]", "a[-1]", "a[1", "1a",
                           "`a", "a-b", "[0]", "a[99999999999999999999]"}) {
    EXPECT_TRUE(parse_path(text).segments.empty()) << text;
  }
}

RC_GTEST_PROP(parse_path, reads_what_spelled_writes, (const std::vector<std::string>& names)) {
  RC_PRE(!names.empty());
  field_path path;
  for (const std::string& name : names) path.segments.push_back({name, -1});
  path.segments.push_back({{}, 7});
  RC_ASSERT(parse_path(path.spelled()) == path);
}

}  // namespace
}  // namespace weir
