#include "source/page_body.hpp"

#include <gmock/gmock.h>

namespace weir {
namespace {

using testing::HasSubstr;

std::string lines_of(const std::string& text, const std::string& records) {
  auto page = page_body::json(text, parse_path(records));
  return page ? std::string{page->take_lines()} : "error: " + page.error();
}

TEST(PageBody, gives_the_elements_as_they_stand_a_line_each) {
  EXPECT_EQ(lines_of(R"([{"a":1},{"b": [1, {"c": 2}]}])", ""),
            "{\"a\":1}\n{\"b\": [1, {\"c\": 2}]}\n");
  EXPECT_EQ(
      lines_of(
          R"( {"x":[1],"data":{"items":[ 1e999 , "a,]\"" , null,12345678901234567890123 ]},"y":2} )",
          "data.items"),
      "1e999\n\"a,]\\\"\"\nnull\n12345678901234567890123\n");
}

TEST(PageBody, makes_blanks_of_line_breaks_between_tokens) {
  EXPECT_EQ(lines_of("[\r\n  {\n    \"a\": 1\r\n  },\n  {\"b\": \"\\n\"}\n]\n", ""),
            "{     \"a\": 1    }\n{\"b\": \"\\n\"}\n");
}

TEST(PageBody, may_be_empty) {
  EXPECT_EQ(lines_of("[]", ""), "");
  EXPECT_EQ(lines_of("[ \n ]", ""), "");
  EXPECT_EQ(lines_of(R"({"items":null})", "items"), "");
}

TEST(PageBody, is_checked_whole) {
  EXPECT_EQ(lines_of(R"({"items":[{"a":1}],"next" "x"})", "items"),
            "error: it is no JSON: expected : at byte 27");
  EXPECT_EQ(lines_of(R"([{"a":1},{"b":)", ""), "error: it is no JSON: ends early at byte 15");
  EXPECT_EQ(lines_of("[1] [2]", ""), "error: it is no JSON: text after the value at byte 5");
  EXPECT_THAT(lines_of("<html>", ""), HasSubstr("it is no JSON"));
  EXPECT_THAT(lines_of("", ""), HasSubstr("it is no JSON"));
}

TEST(PageBody, says_what_is_there_instead_of_the_records) {
  EXPECT_THAT(lines_of(R"({"items":[],"next":null})", ""), HasSubstr("it has `items`, `next`"));
  EXPECT_THAT(lines_of(R"({"items":{}})", "items"),
              HasSubstr("at `items` (`records`), but something else"));
  EXPECT_THAT(lines_of(R"({"error":"no"})", "items"),
              HasSubstr("at `items` (`records`), but nothing"));
  EXPECT_THAT(lines_of("7", ""), HasSubstr("no array"));
}

TEST(PageBody, tells_what_stands_around_the_records) {
  const auto page = page_body::json(
      R"({"i":[1,2,3],"s":"a\u00fc\"","n":-12e3,"t":true,"f":false,"z":0,"e":"","l":null,"o":{"@x":"y"}})",
      parse_path("i"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->records(), 3u);
  EXPECT_EQ(page->text_at(parse_path("s")), "a\u00fc\"");
  EXPECT_EQ(page->text_at(parse_path("n")), "-12e3");
  EXPECT_EQ(page->text_at(parse_path("o.`@x`")), "y");
  for (const char* none : {"t", "l", "o", "missing", "e"})
    EXPECT_EQ(page->text_at(parse_path(none)), "") << none;
  for (const char* yes : {"s", "n", "t", "o", "i"})
    EXPECT_TRUE(page->is_true_at(parse_path(yes))) << yes;
  for (const char* no : {"f", "z", "e", "l", "missing"})
    EXPECT_FALSE(page->is_true_at(parse_path(no))) << no;
}

TEST(PageBody, may_be_lines) {
  auto page = page_body::lines("{\"a\":1}\n{\"b\":2}");
  EXPECT_EQ(page.records(), 2u);
  EXPECT_EQ(page.take_lines(), "{\"a\":1}\n{\"b\":2}\n");
  EXPECT_EQ(page_body::lines("").records(), 0u);
}

}  // namespace
}  // namespace weir
