#include "parse/regex.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(const std::string& pattern, std::string_view line) {
  return test::outcome_of(
      std::make_unique<regex_parser>(std::make_shared<const line_pattern>(pattern)), line);
}

TEST(Regex, NamedGroupsAreFieldsInTheOrderOfThePattern) {
  EXPECT_EQ(read("(?P<b>\\w+) (?<a>\\w+)( no)?", "-> x y no"), R"({"b":"x","a":"y"})");
}

TEST(Regex, AGroupThatTookNoPartIsMissing) {
  EXPECT_EQ(read("(?<a>a)|(?<b>b)", "b"), R"({"b":"b"})");
  EXPECT_EQ(read("x(?<a>\\d*)(?<b>b)?", "x"), R"({"a":""})");
}

TEST(Regex, ALineWithoutAMatchIsRejected) {
  EXPECT_EQ(read("^(?<a>\\d+)$", "12x"), "the pattern does not match @ 0");
}

TEST(Regex, GroupsOfDigitsAreNumbers) {
  EXPECT_EQ(read("(?<n>-?\\d+(?:\\.[0-9]+)?) (?<z>\\d{3}) (?<t>\\S+)", "-1.5 007 12"),
            R"({"n":-1.5,"z":"007","t":"12"})");
}

TEST(Regex, KnowsWhichPatternsMatchOnlyNumbers) {
  for (const char* yes : {"\\d+", "[0-9]{1,3}", "-?\\d+(?:\\.\\d+)?", "\\d|\\d\\d", "[+-]?\\d"})
    EXPECT_TRUE(matches_only_numbers(yes)) << yes;
  for (const char* no : {"\\S+", "[0-9a-f]+", "\\d+:\\d+", "", "-", ".*", "\\d+ms", "\\d.\\d"})
    EXPECT_FALSE(matches_only_numbers(no)) << no;
}

TEST(Regex, NamesWithEscapesAndClassesAreNotMistakenForGroups) {
  EXPECT_EQ(read("\\(?(?<a>[(?<x>]+)", "((<"), R"({"a":"(<"})");
}

}  // namespace
}  // namespace weir
