#include "parse/dissect.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view pattern, std::string_view line, bool infer = true) {
  std::string error;
  const auto made = read_dissect(pattern, error);
  if (!error.empty()) return error;
  return test::outcome_of(std::make_unique<dissect_parser>(made, infer), line);
}

TEST(Dissect, SplitsAtTheDelimiters) {
  EXPECT_EQ(read("[%{t}] %{l}: %{m}", "[1 2] w: a: b"), R"({"t":"1 2","l":"w","m":"a: b"})");
  EXPECT_EQ(read("%{a},%{b}", ",1"), R"({"a":"","b":1})");
  EXPECT_EQ(read("%{a},%{b}", "x,1", false), R"({"a":"x","b":"1"})");
}

TEST(Dissect, SkipsPadsJoinsAndNames) {
  EXPECT_EQ(read("%{} %{a->} %{b}", "x y   z"), R"({"a":"y","b":"z"})");
  EXPECT_EQ(read("%{+d/2} %{+d/1}-%{c}", "a b-c"), R"({"d":"b a","c":"c"})");
  EXPECT_EQ(read("%{?k}=%{&k} %{?l}=%{&l}", "a=1 b=x"), R"({"a":1,"b":"x"})");
}

TEST(Dissect, TheWholeLineHasToFit) {
  EXPECT_EQ(read("<%{a}> %{b}", "a"), "the line does not begin as the pattern @ 0");
  EXPECT_EQ(read("<%{a}> %{b}", "<a>b"), "a delimiter is missing @ 1");
  EXPECT_EQ(read("%{a}.log", "x.log.1"), "text behind the pattern's end @ 5");
}

TEST(Dissect, SaysWhatIsWrongWithAPattern) {
  EXPECT_EQ(read("%{a}%{b}", ""), "nothing stands between `a` and the next field");
  EXPECT_EQ(read("%{a", ""), "`%{` without its `}`");
  EXPECT_EQ(read("text", ""), "the pattern names no field");
  EXPECT_EQ(read("%{&k} ", ""), "`&k` has no `?k` that gives its name");
}

}  // namespace
}  // namespace weir
