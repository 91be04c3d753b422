#include "parse/grok.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

grok_translation translated(std::string_view pattern, const grok_definitions& own = {}) {
  return translate_grok(pattern, own, standard_grok(grok_names::ecs));
}

std::string read(std::string_view pattern, std::string_view line) {
  auto patterns = std::make_shared<grok_patterns>();
  patterns->push_back(std::make_unique<const grok_pattern>(translated(pattern)));
  return test::outcome_of(std::make_unique<grok_parser>(patterns), line);
}

// The table of rewrites is checked against the library that it is for.
TEST(Grok, EveryRewriteHasItsPlaceInTheLibrary) {
  const grok_definitions ecs = read_grok_definitions(grok_text_ecs_v1());
  const grok_definitions legacy = read_grok_definitions(grok_text_legacy());
  for (const grok_rewrite& r : grok_rewrites()) {
    std::size_t seen = 0;
    for (const auto* set : {&ecs, &legacy}) {
      const auto found = set->find(r.pattern);
      if (found != set->end() && found->second.find(r.from) != std::string::npos) ++seen;
    }
    EXPECT_GT(seen, 0u) << r.pattern << ": " << r.from;
  }
}

TEST(Grok, EveryStandardPatternCompiles) {
  for (const grok_names names : {grok_names::ecs, grok_names::legacy}) {
    for (const auto& [name, definition] : standard_grok(names)) {
      const grok_translation made = translate_grok("%{" + name + "}", {}, standard_grok(names));
      EXPECT_EQ(made.error, "") << name;
      EXPECT_TRUE(grok_pattern(made).compiled.ok()) << name << ": " << made.pattern;
    }
  }
}

TEST(Grok, CapturesAreFieldsTypedOnRequest) {
  EXPECT_EQ(read("%{WORD:a} %{NUMBER:n:int} %{NUMBER:f:float} %{INT:t}", "x 007 +1.50 7"),
            R"({"a":"x","n":7,"f":1.50,"t":"7"})");
  EXPECT_EQ(read("^(?<a>\\w+)(?: (?<b>x))?$", "q"), R"({"a":"q"})");
}

TEST(Grok, FieldsThatHaveEdgesCompileWithThoseOfWords) {
  for (const char* name : {"NUMBER", "IPORHOST", "SYSLOGTIMESTAMP", "HAPROXYTIME"}) {
    EXPECT_TRUE(grok_pattern(translated("%{" + std::string{name} + ":f}")).at_words) << name;
  }
  EXPECT_FALSE(grok_pattern(translated("%{WORD:f} %{NUMBER}")).at_words);
}

// What Python's re gives with the library as it came: it has look-arounds and atomic groups.
TEST(Grok, NothingIsCutOutOfALongerRunOfDigits) {
  EXPECT_EQ(read("%{IPV4:ip}", "9999.1.1.1 10.0.0.1"), R"({"ip":"10.0.0.1"})");
  EXPECT_EQ(read("%{IP:ip}", "at 1.2.3.4567"), "no pattern matches @ 0");
  EXPECT_EQ(read("%{IPORHOST:host}", "1.2.3.4567"), R"({"host":"1.2.3.4567"})");
  EXPECT_EQ(read("%{IPV4:ip}%{GREEDYDATA:rest}", "1.2.3.4x5"), R"({"ip":"1.2.3.4","rest":"x5"})");
  EXPECT_EQ(read("%{TIME:t}", "12:34:567"), "no pattern matches @ 0");
  EXPECT_EQ(read("%{TIME:t}", "12:34:56Z"), R"({"t":"12:34:56"})");
  EXPECT_EQ(read("%{GREEDYDATA:text}%{NUMBER:n:int}", "it took 123"),
            R"({"text":"it took ","n":123})");
  EXPECT_EQ(read("%{IPORHOST:host}%{INT:n}", "abc123"), R"({"host":"abc12","n":"3"})");
}

TEST(Grok, NamesInBracketsAreObjects) {
  EXPECT_EQ(read("%{IP:[source][ip]}:%{INT:[source][port]:int} %{WORD:[a][b][c]}(?<[a][d]>!)?",
                 "192.0.2.1:80 x"),
            R"({"source":{"ip":"192.0.2.1","port":80},"a":{"b":{"c":"x"}}})");
}

TEST(Grok, OfOneNameTheFirstTextCounts) {
  EXPECT_EQ(read("(?:%{INT:v}|%{WORD:v})", "abc"), R"({"v":"abc"})");
}

TEST(Grok, ALineWithoutAMatchIsRejected) {
  EXPECT_EQ(read("^%{INT:n}$", "x"), "no pattern matches @ 0");
}

TEST(Grok, SaysWhatLinearTimeCannotDo) {
  EXPECT_EQ(translated("a(?=b)").error, "the pattern has a look-around, `(?=...)`");
  EXPECT_EQ(translated("(?<!x)a").error, "the pattern has a look-around, `(?<!...)`");
  EXPECT_EQ(translated("(a)\\1").error, "the pattern has a back-reference, `\\1`");
  EXPECT_EQ(translated("%{NUMBR:n}").error, "no grok pattern is called `NUMBR`");
  EXPECT_EQ(translated("%{NUMBR:n}").hint, "did you mean `NUMBER`?");
  EXPECT_EQ(translated("%{NUMBER:n").error, "`%{` without its `}`");
  EXPECT_EQ(translated("%{A:n}", {{"A", "%{B}"}, {"B", "%{A}"}}).error,
            "the pattern refers to itself");
}

TEST(Grok, OnigurumasSyntaxIsTranslated) {
  EXPECT_EQ(translated("[[[:alnum:]]_[a-c]]+[^]x]").pattern, "[\\pL\\pM\\pN_a-c]+[^]x]");
  EXPECT_EQ(translated("(?>a++b*+).?*[\\h]\\h(c)(?#note)[[:alpha:]\\]]").pattern,
            "(?:a+b*).*[0-9A-Fa-f][0-9A-Fa-f](?:c)[[:alpha:]\\]]");
}

}  // namespace
}  // namespace weir
