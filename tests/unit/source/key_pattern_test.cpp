#include "source/key_pattern.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <re2/re2.h>

namespace weir {
namespace {

using testing::ElementsAre;

bool matches(const std::string& pattern, const std::string& key) {
  return key_pattern{pattern}.matches(key);
}

TEST(KeyPattern, means_everything_below_a_prefix) {
  EXPECT_TRUE(matches("", "any/thing"));
  EXPECT_TRUE(matches("a/", "a/b/.c//d/../e"));
  EXPECT_TRUE(matches("a/**", "a/.hidden"));
  EXPECT_FALSE(matches("a/", "ab"));
}

TEST(KeyPattern, is_one_key_without_wildcards) {
  EXPECT_TRUE(key_pattern{"a/b.log"}.is_key());
  EXPECT_TRUE(matches("a/b.log", "a/b.log"));
  EXPECT_FALSE(matches("a/b.log", "a/b.log2"));
  EXPECT_FALSE(key_pattern{"a/"}.is_key());
}

TEST(KeyPattern, lists_by_what_stands_before_the_wildcards) {
  EXPECT_THAT(key_pattern{"a/b*/c"}.prefixes(), ElementsAre("a/b"));
  EXPECT_THAT(key_pattern{"a/\\*b*"}.prefixes(), ElementsAre("a/*b"));
  EXPECT_THAT(key_pattern{"{b,a}/x/*"}.prefixes(), ElementsAre("a/x/", "b/x/"));
  EXPECT_THAT(key_pattern{"{a/b,a}/*"}.prefixes(), ElementsAre("a/"));
  EXPECT_THAT(key_pattern{"{ab,a}*"}.prefixes(), ElementsAre("a"));
  EXPECT_THAT(key_pattern{"**.gz"}.prefixes(), ElementsAre(""));
}

TEST(KeyPattern, keeps_a_star_within_a_name_and_lets_two_go_on) {
  EXPECT_TRUE(matches("a/*.log", "a/.log"));
  EXPECT_FALSE(matches("a/*.log", "a/b/c.log"));
  EXPECT_TRUE(matches("a/**.log", "a/b/c.log"));
  EXPECT_TRUE(matches("a/**/c.log", "a/c.log"));
  EXPECT_TRUE(matches("a/**/c.log", "a/b/b/c.log"));
  EXPECT_FALSE(matches("a/**/c.log", "a/bc.log"));
  EXPECT_FALSE(matches("a?b", "a/b"));
  EXPECT_FALSE(matches("a[!x]b", "a/b"));
}

/// The same as a regular expression.
std::string as_regex(const std::string& pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto rest = std::string_view{pattern}.substr(i);
    if (rest.starts_with("**/")) {
      out += "(?:.*/|)";
      i += 2;
    } else if (rest.starts_with("**")) {
      out += ".*";
      ++i;
    } else if (rest[0] == '*') {
      out += "[^/]*";
    } else if (rest[0] == '?') {
      out += "[^/]";
    } else {
      out += RE2::QuoteMeta(rest.substr(0, 1));
    }
  }
  return "(?s)" + out;
}

std::string text_over(std::string_view alphabet, std::size_t most) {
  const auto length = *rc::gen::inRange<std::size_t>(0, most);
  std::string text;
  for (std::size_t i = 0; i < length; ++i)
    text += alphabet[*rc::gen::inRange<std::size_t>(0, alphabet.size())];
  return text;
}

TEST(KeyPattern, matches_as_a_regular_expression_does) {
  rc::check([] {
    const std::string pattern = text_over("ab/*?", 8) + "*b";
    const std::string key = text_over("ab/", 8);
    // Three stars in a row have no meaning of their own.
    RC_PRE(!pattern.contains("***"));
    RC_ASSERT(matches(pattern, key) == RE2::FullMatch(key, as_regex(pattern)));
  });
}

}  // namespace
}  // namespace weir
