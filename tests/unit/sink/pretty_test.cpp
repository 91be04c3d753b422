#include "sink/pretty.hpp"

#include <rapidcheck.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "sink/visible.hpp"
#include "sink_fixture.hpp"

namespace weir {
namespace {

std::string visible(std::string_view text) {
  std::string out;
  append_visible(text, out);
  return out;
}

TEST(visible, printable_text_of_any_language_is_copied) {
  for (const std::string_view text : {"plain ASCII ~", "Zürich", "日本語", "🚀", ""}) {
    EXPECT_EQ(visible(text), text);
  }
}

TEST(visible, control_characters_are_escaped) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(visible("a\nb\rc\td"), R"(a\nb\rc\td)");
  EXPECT_EQ(visible("\0\x07\x1b[31m\x7f"sv), R"(\x00\x07\x1b[31m\x7f)");
  EXPECT_EQ(visible("\x1b]0;title\x07"), R"(\x1b]0;title\x07)");
}

TEST(visible, c1_controls_are_escaped_in_both_forms) {
  EXPECT_EQ(visible("\xc2\x9b"
                    "31m"),
            R"(\u009b31m)");
  EXPECT_EQ(visible("\x9b"
                    "31m"),
            R"(\x9b31m)");
}

TEST(visible, bidirectional_controls_and_separators_are_escaped) {
  EXPECT_EQ(visible("\u202egpj.exe\u202c"), R"(\u202egpj.exe\u202c)");
  EXPECT_EQ(visible("\u2066\u2069\u200e\u200f\u061c\u2028\u2029\ufeff"),
            R"(\u2066\u2069\u200e\u200f\u061c\u2028\u2029\ufeff)");
}

TEST(visible, bytes_that_are_not_utf8_are_escaped_one_by_one) {
  EXPECT_EQ(visible("a\xff"), R"(a\xff)");
  EXPECT_EQ(visible("\xc0\xaf"), R"(\xc0\xaf)");          // overlong
  EXPECT_EQ(visible("\xed\xa0\x80"), R"(\xed\xa0\x80)");  // a surrogate
  EXPECT_EQ(visible("\xe2\x82"), R"(\xe2\x82)");          // cut off
  EXPECT_EQ(visible("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");
}

TEST(visible, no_bytes_whatsoever_give_the_terminal_something_to_obey) {
  rc::check([](const std::string& bytes) {
    const std::string shown = visible(bytes);
    RC_ASSERT(simdjson::validate_utf8(shown.data(), shown.size()));
    RC_ASSERT(std::ranges::none_of(
        shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }));
    // What is UTF-8 for simdjson is UTF-8 here: without controls, nothing is escaped.
    const bool plain = std::ranges::none_of(bytes, [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == '\x7f' || c == '\xc2' || c == '\xd8' ||
             c == '\xe2' || c == '\xef' || c == '\xf3';
    });
    if (plain && simdjson::validate_utf8(bytes.data(), bytes.size())) RC_ASSERT(shown == bytes);
  });
}

class pretty_test : public test::sink_fixture {
 protected:
  std::string shown(std::string_view line, bool color = false, shape as = shape::json) {
    const batch one = records({line}, as);
    std::string out;
    pretty(color).write(*one.begin(), out);
    return out;
  }
};

TEST_F(pretty_test, time_level_and_message_come_first_then_the_other_fields_in_order) {
  EXPECT_EQ(shown(R"({"service":"api","level":"WARN","n":12,"msg":"slow query",)"
                  R"("ts":"2026-01-02T03:04:05Z","path":"/a b"})"),
            "2026-01-02T03:04:05Z WARN  slow query service=api n=12 path=\"/a b\"\n");
}

TEST_F(pretty_test, values_that_are_not_words_are_quoted_and_nested_ones_stay_json) {
  EXPECT_EQ(
      shown(R"({"a":"","b":"x=y","c":"q\"\\","d":{"e":[1, null]},"f":null,"g":1.50,"h":true})"),
      R"(a="" b="x=y" c="q\"\\" d={"e":[1, null]} f=null g=1.50 h=true)"
      "\n");
}

TEST_F(pretty_test, journald_and_nginx_have_names_of_their_own) {
  EXPECT_EQ(shown(R"({"_PID":"7","PRIORITY":"3","__REALTIME_TIMESTAMP":"15","MESSAGE":"down"})"),
            "15 3     down _PID=7\n");
  EXPECT_EQ(shown(R"({"remote_addr":"::1","time_local":"now"})"), "now remote_addr=::1\n");
}

TEST_F(pretty_test, a_text_record_is_its_text) {
  EXPECT_EQ(shown("GET /\t200", false, shape::text), "GET /\\t200\n");
}

TEST_F(pretty_test, further_lines_of_a_text_are_lines_that_are_indented) {
  EXPECT_EQ(shown("boom\r\n\tat a.b(C.java:1)\n\t\x1b\nCaused by: x\n", false, shape::text),
            "boom\n        at a.b(C.java:1)\n        \\x1b\n    Caused by: x\n");
  EXPECT_EQ(shown(R"({"message":"boom\n\tat a.b\n\nend","level":"error","n":1})"),
            "error boom n=1\n        at a.b\n    \n    end\n");
}

TEST_F(pretty_test, a_field_with_lines_comes_behind_the_others) {
  EXPECT_EQ(shown(R"({"msg":"m","stack":"E: x\n  at f","path":"C:\\new","n":{"a":"b\nc"}})"),
            R"(m path="C:\\new" n={"a":"b\nc"})"
            "\n    stack=E: x\n      at f\n");
}

TEST_F(pretty_test, an_empty_record_is_an_empty_line) {
  EXPECT_EQ(shown("{}"), "\n");
}

TEST_F(pretty_test, nothing_in_a_record_reaches_the_terminal_as_a_control) {
  const std::string line = shown(
      "{\"level\":\"\\u001b[2J!\",\"message\":\"\\u001b]0;x\\u0007\\n\\u202e\",\"k\\u009b\":\"a "
      "\\u001b\",\"e\":[\"\u202e\"],\"time\":\"\\u0000\"}");
  EXPECT_EQ(line, R"(\x00 \x1b[2J! \x1b]0;x\x07 k\u009b="a \x1b" e=["\u202e"])"
                  "\n    \\u202e\n");
}

TEST_F(pretty_test, the_level_has_a_colour_of_its_own) {
  EXPECT_EQ(shown(R"({"level":"error","message":"m"})", true), "\x1b[1;31merror\x1b[0m m\n");
  EXPECT_EQ(shown(R"({"level":"Warning","message":"m"})", true), "\x1b[33mWarning\x1b[0m m\n");
  EXPECT_EQ(shown(R"({"level":"other","n":1})", true), "other \x1b[36mn=\x1b[0m1\n");
}

}  // namespace
}  // namespace weir
