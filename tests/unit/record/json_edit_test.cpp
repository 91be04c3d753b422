#include "record/json_edit.hpp"

#include <gtest/gtest.h>

#include "unit/one_record.hpp"

namespace weir {
namespace {

using testing::one_record;

std::string after_set(std::string_view text, std::vector<assignment> fields) {
  one_record r{text};
  json_editor{}.set(*r, fields);
  return std::string{r->text()};
}

std::vector<field_path> paths(std::initializer_list<const char*> spelled) {
  std::vector<field_path> out;
  for (const char* s : spelled) out.push_back(parse_path(s));
  return out;
}

std::string after_drop(std::string_view text, std::initializer_list<const char*> fields) {
  one_record r{text};
  json_editor{}.drop(*r, paths(fields));
  return std::string{r->text()};
}

std::string after_keep(std::string_view text, std::initializer_list<const char*> fields) {
  one_record r{text};
  json_editor{}.keep(*r, paths(fields));
  return std::string{r->text()};
}

std::string after_rename(std::string_view text, std::vector<renaming> names) {
  one_record r{text};
  json_editor{}.rename(*r, names);
  return std::string{r->text()};
}

const value one = value::of(std::int64_t{1});
const value x = value::of("x");

TEST(json_editor_set, a_new_field_goes_before_the_last_brace) {
  EXPECT_EQ(after_set(R"({"a":1})", {{"b", x}}), R"({"a":1,"b":"x"})");
  EXPECT_EQ(after_set(R"({"a": 1 } )", {{"b", x}}), R"({"a": 1 ,"b":"x"} )");
  EXPECT_EQ(after_set("{}", {{"b", x}, {"c", one}}), R"({"b":"x","c":1})");
  EXPECT_EQ(after_set("{ }", {{"b", x}}), R"({ "b":"x"})");
  EXPECT_EQ(after_set(R"({"a":{}})", {{"b", x}}), R"({"a":{},"b":"x"})");
}

TEST(json_editor_set, an_existing_field_is_replaced_in_place_and_its_duplicates_go) {
  EXPECT_EQ(after_set(R"({"a" : [1, {"b":2}] , "b":3})", {{"a", x}}), R"({"a" : "x" , "b":3})");
  EXPECT_EQ(after_set(R"({"a":1,"b":2,"a":3,"c":4})", {{"a", x}}), R"({"a":"x","b":2,"c":4})");
  EXPECT_EQ(after_set(R"({"a":1,"a":2,"a":3})", {{"a", x}}), R"({"a":"x"})");
  EXPECT_EQ(after_set(R"({"b":1,"a":2})", {{"a", x}, {"c", one}, {"b", one}}),
            R"({"b":1,"a":"x","c":1})");
}

TEST(json_editor_set, names_compare_unescaped_and_untouched_bytes_stay) {
  EXPECT_EQ(after_set(R"({"\u0061":1,"n":1.10,"big":12345678901234567890})", {{"a", x}}),
            R"({"\u0061":"x","n":1.10,"big":12345678901234567890})");
  EXPECT_EQ(after_set(R"({"a}":"}"})", {{"q\"", x}}), R"({"a}":"}","q\"":"x"})");
}

TEST(json_editor_set, null_is_written_and_missing_sets_nothing) {
  EXPECT_EQ(after_set(R"({"a":1})", {{"a", value::null()}, {"b", {}}}), R"({"a":null})");
  EXPECT_EQ(after_set(R"({"a":1})", {{"a", {}}}), R"({"a":1})");
}

TEST(json_editor_set, a_value_may_view_the_record_that_it_changes) {
  one_record r{R"({"a":"old","b":2})"};
  const assignment swap[] = {{"b", r->get("a")}, {"a", r->get("b")}};
  json_editor{}.set(*r, swap);
  EXPECT_EQ(r->text(), R"({"a":2,"b":"old"})");
}

TEST(json_editor_set, a_text_record_becomes_json_and_its_source_bytes_stay) {
  one_record r{"say \"hi\"", shape::text};
  r->set("level", x);
  EXPECT_EQ(r->text(), R"({"message":"say \"hi\"","level":"x"})");
  EXPECT_EQ(r->raw(), "say \"hi\"");
  EXPECT_EQ(r->shape(), shape::json);
}

TEST(json_editor_drop, a_field_goes_with_its_comma_wherever_it_stands) {
  constexpr auto text = R"({ "a":1, "b" : {"c":2,"d":3} , "e":[4] })";
  EXPECT_EQ(after_drop(text, {"a"}), R"({ "b" : {"c":2,"d":3} , "e":[4] })");
  EXPECT_EQ(after_drop(text, {"b"}), R"({ "a":1 , "e":[4] })");
  EXPECT_EQ(after_drop(text, {"e"}), R"({ "a":1, "b" : {"c":2,"d":3} })");
  EXPECT_EQ(after_drop(text, {"a", "b"}), R"({ "e":[4] })");
  EXPECT_EQ(after_drop(text, {"b", "e"}), R"({ "a":1 })");
  EXPECT_EQ(after_drop(text, {"a", "b", "e"}), "{  }");
  EXPECT_EQ(after_drop(text, {"zzz"}), text);
  EXPECT_EQ(after_drop("{}", {"a"}), "{}");
}

TEST(json_editor_drop, all_duplicates_go) {
  EXPECT_EQ(after_drop(R"({"a":1,"b":2,"a":3})", {"a"}), R"({"b":2})");
}

TEST(json_editor_drop, nested_fields) {
  EXPECT_EQ(after_drop(R"({"b":{"c":2,"d":{"e":1,"f":2}}})", {"b.d.e", "b.c"}),
            R"({"b":{"d":{"f":2}}})");
  EXPECT_EQ(after_drop(R"({"b":3})", {"b.c"}), R"({"b":3})");
}

TEST(json_editor_keep, everything_else_goes) {
  constexpr auto text = R"({"a":1, "b":{"c":2,"d":3}, "e":[4]})";
  EXPECT_EQ(after_keep(text, {"a"}), R"({"a":1})");
  EXPECT_EQ(after_keep(text, {"e", "a"}), R"({"a":1, "e":[4]})");
  EXPECT_EQ(after_keep(text, {"b.d"}), R"({"b":{"d":3}})");
  EXPECT_EQ(after_keep(text, {"a.x"}), "{}");
  EXPECT_EQ(after_keep(text, {"a", "b", "e"}), text);
}

TEST(json_editor_rename, the_field_stays_in_its_place) {
  EXPECT_EQ(after_rename(R"({"a" :1, "b":2})", {{"a", "z"}}), R"({"z" :1, "b":2})");
  EXPECT_EQ(after_rename(R"({"a":1})", {{"q", "z"}}), R"({"a":1})");
  EXPECT_EQ(after_rename(R"({"a":1,"b":2})", {{"a", "b"}, {"b", "a"}}), R"({"b":1,"a":2})");
}

TEST(json_editor_rename, a_field_whose_name_is_taken_goes) {
  EXPECT_EQ(after_rename(R"({"z":0,"a":1})", {{"a", "z"}}), R"({"z":1})");
  EXPECT_EQ(after_rename(R"({"z":0})", {{"a", "z"}}), R"({"z":0})");
  EXPECT_EQ(after_rename(R"({"a":1,"a":2})", {{"a", "z"}}), R"({"z":1})");
}

// `trust` lets through records that are no JSON: nothing is promised but to stay inside their
// bytes.
TEST(json_editor, survives_what_is_no_json) {
  for (const char* text : {"{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{a:1}", "{\"a\":1,}", "",
                           "{\"a\":{\"b\":1}", "{\"a\" 1}", "{,}", "[1]"}) {
    after_set(text, {{"a", x}, {"b", x}});
    after_drop(text, {"a", "a.b"});
    after_keep(text, {"a"});
    after_rename(text, {{"a", "b"}});
  }
}

}  // namespace
}  // namespace weir
