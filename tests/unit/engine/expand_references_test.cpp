#include "engine/expand_references.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "expr/lexer.hpp"

namespace weir {
namespace {

using kind = expr::token::kind;

/// `text` as the only scalar of a YAML file, where `${env:X}` is `value`.
std::string expanded(const std::string& text, scalar_place place, const std::string& value) {
  yaml_node node;
  node.what = yaml_node::kind::scalar;
  node.text.text = text;
  reporter report;
  const auto made = expand_references(
      node, place, [&](std::string_view, const std::string&) { return value; }, report);
  EXPECT_TRUE(report.ok() && made);
  return made.value_or("");
}

/// The tokens of the expression, without the end.
std::vector<expr::token> tokens(const std::string& text, const std::string& value) {
  reporter report;
  auto all = expr::read_tokens({expanded(text, scalar_place::expression, value), {}}, report);
  EXPECT_TRUE(report.ok()) << text << " with " << value;
  all.pop_back();
  return all;
}

void expect_one(const std::string& text, const std::string& value, kind type,
                const std::string& content) {
  const auto all = tokens(text, value);
  ASSERT_EQ(all.size(), 1u) << text << " with " << value;
  EXPECT_EQ(all[0].type, type) << text << " with " << value;
  EXPECT_EQ(all[0].text, content);
}

const std::string hostile = "\" or 'a' = 'a` or \\\"x\\";

TEST(references_in_expressions, stay_in_the_quotes_that_they_stand_in) {
  expect_one("\"<${env:X}>\"", hostile, kind::text, "<" + hostile + ">");
  expect_one("'<${env:X}>'", hostile, kind::text, "<" + hostile + ">");
  expect_one("`<${env:X}>`", hostile, kind::quoted_name, "<" + hostile + ">");
  expect_one("'${env:X}${env:X}'", hostile, kind::text, hostile + hostile);
  expect_one("'it\\'s ${env:X}'", hostile, kind::text, "it's " + hostile);
}

TEST(references_in_expressions,
     keep_a_backslash_in_front_of_them_from_hiding_what_they_begin_with) {
  expect_one(R"("\${env:X}")", hostile, kind::text, "\\" + hostile);
  expect_one(R"("\\${env:X}")", hostile, kind::text, "\\" + hostile);
  expect_one(R"("\d\${env:X}")", "n", kind::text, "\\d\\n");
}

TEST(references_in_expressions, are_one_literal_without_quotes) {
  expect_one("${env:X}", hostile, kind::text, hostile);
  expect_one("${env:X}", "web-1", kind::text, "web-1");
  expect_one("${env:X}", "", kind::text, "");
  expect_one("${env:X}", "1.5e3", kind::number, "1.5e3");
  expect_one("${env:X}", "007", kind::text, "007");
  expect_one("${env:X}", "2h30m", kind::duration, "2h30m");
  expect_one("${env:X}", "null", kind::name, "null");
  expect_one("${env:X}", "level", kind::text, "level");
}

TEST(references_in_expressions, do_not_grow_together_with_their_neighbours) {
  const auto all = tokens("a${env:X}-${env:X}", "-5");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0].text, "a");
  EXPECT_EQ(all[2].text, "5");
}

RC_GTEST_PROP(references_in_expressions, give_back_any_value, (const std::string& value)) {
  for (const std::string quote : {"\"", "'", "`"}) {
    reporter report;
    const auto text = expanded(quote + "${env:X}" + quote, scalar_place::expression, value);
    const auto all = expr::read_tokens({text, {}}, report);
    RC_ASSERT(report.ok());
    RC_ASSERT(all.size() == 2u);
    RC_ASSERT(all[0].text == value);
  }
}

TEST(references_among_names, are_one_path_or_one_name) {
  const auto name = [](const std::string& value) {
    return expanded("${env:X}", scalar_place::names, value);
  };
  EXPECT_EQ(name("user.id[0]"), "user.id[0]");
  EXPECT_EQ(name("a, b"), "`a, b`");
  EXPECT_EQ(name("a as b"), "`a as b`");
  EXPECT_EQ(name("odd`name"), "`odd``name`");
}

TEST(references_in_options, are_what_they_hold) {
  EXPECT_EQ(expanded("\"${env:X}\" $${env:X}", scalar_place::value, hostile),
            "\"" + hostile + "\" ${env:X}");
}

}  // namespace
}  // namespace weir
