#include "parse/logfmt.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line, logfmt_parser::settings how = {}) {
  return test::outcome_of(std::make_unique<logfmt_parser>(how), line);
}
std::string read_leniently(std::string_view line) {
  return read(line, {.lenient = true});
}

TEST(Logfmt, ReadsPairsFlagsAndEmptyValues) {
  EXPECT_EQ(read("a=1 b=\"bar\" ƒ=2h3s d x=  y=\"\""),
            R"({"a":1,"b":"bar","ƒ":"2h3s","d":true,"x":"","y":""})");
}

TEST(Logfmt, UnquotedScalarsAreWhatTheyLookLike) {
  EXPECT_EQ(read("a=-1.50 b=1e9 c=007 d=0x1f e=true f=\"1\" g=- h=null"),
            R"({"a":-1.50,"b":1e9,"c":"007","d":"0x1f","e":true,"f":"1","g":"-","h":"null"})");
  EXPECT_EQ(read("a=1 b=true", {.infer = false}), R"({"a":"1","b":"true"})");
}

// As FortiGate sends it.
TEST(Logfmt, ASyslogNumberInFrontIsNoPartOfAKey) {
  EXPECT_EQ(read(R"(<189>date=2026-11-30 level="alert")"),
            R"({"syslog_number":189,"date":"2026-11-30","level":"alert"})");
  EXPECT_EQ(read("<b>=1 <1"), R"({"<b>":1,"<1":true})");
}

TEST(Logfmt, DuplicateKeysAllStay) {
  EXPECT_EQ(read("a=1 a=2"), R"({"a":1,"a":2})");
}

TEST(Logfmt, ResolvesTheEscapesOfJsonAndGo) {
  EXPECT_EQ(read(R"(a="q\"\n\u00e9")"), R"({"a":"q\"\n\u00e9"})");
  EXPECT_EQ(read(R"(a="\x41\101\a\U0001F600\'")"), "{\"a\":\"AA\\u0007😀'\"}");
  EXPECT_EQ(read(R"(a="\xc3\xa9")"), R"({"a":"é"})");
  EXPECT_EQ(read(R"(a="\q")"), "unknown escape @ 3");
  EXPECT_EQ(read(R"(a="ok\xff")"), "unknown escape @ 5");
  EXPECT_EQ(read_leniently(R"(a="\q")"), R"({"a":"\\q"})");
}

TEST(Logfmt, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read("hello world"), "no key=value in the line @ 0");
  EXPECT_EQ(read("a=1 b=\"x"), "quoted text without end @ 6");
  EXPECT_EQ(read("a=x\"y\""), "quote in a value @ 3");
  EXPECT_EQ(read("a=1 \"b\"=2"), "quote in a key @ 4");
  EXPECT_EQ(read("a=1 =2"), "value without a key @ 4");
  EXPECT_EQ(read("a=\"x\"y"), "text behind a closing quote @ 5");
  EXPECT_EQ(read(std::string(70'000, 'k') + "=1"), "key too long @ 0");
}

TEST(Logfmt, LenientlyAllOfThatIsText) {
  EXPECT_EQ(read_leniently("a=1 b=\"x"), R"({"a":1,"b":"x"})");
  EXPECT_EQ(read_leniently("a=x\"y\" \"b\"=2 =3 c\"d"),
            R"({"a":"x\"y\"","\"b\"":2,"":3,"c\"d":true})");
  EXPECT_EQ(read_leniently("a=\"x\"y"), R"({"a":"x","y":true})");
}

// `DELIMITER` and `KV_DELIM` of others' parsers; the second is what Heroku's router writes, with
// commas.
TEST(Logfmt, OtherSignsMayStandBetweenPairsAndInThem) {
  EXPECT_EQ(read(R"(a=1, b="x y")", {.separator = ','}), R"({"a":1,"b":"x y"})");
  EXPECT_EQ(read("a=1;b=2", {.separator = ';'}), R"({"a":1,"b":2})");
  EXPECT_EQ(read("a:1 b:2", {.assign = ':'}), R"({"a":1,"b":2})");
  EXPECT_EQ(read(R"(at: info, path: "/a,b" , dyno : web.1,,up)", {.separator = ',', .assign = ':'}),
            R"({"at":"info","path":"/a,b","dyno":"web.1","up":true})");
}

TEST(Logfmt, ValuesHoldBlanksWhereOtherSignsSeparatePairs) {
  EXPECT_EQ(read("a b = c d | e=", {.separator = '|'}), R"({"a b":"c d","e":""})");
  EXPECT_EQ(read("a=b=c;d", {.separator = ';'}), R"({"a":"b=c","d":true})");
}

TEST(Logfmt, OtherSignsHaveTheSameFaults) {
  EXPECT_EQ(read("a=1", {.assign = ':'}), "no key=value in the line @ 0");
  EXPECT_EQ(read(R"(a="1" b, c=2)", {.separator = ','}), "text behind a closing quote @ 6");
  EXPECT_EQ(read("a:1, :2", {.separator = ',', .assign = ':'}), "value without a key @ 5");
  EXPECT_EQ(read(R"(a="1" b, c=2)", {.lenient = true, .separator = ','}),
            R"({"a":"1","b":true,"c":2})");
}

}  // namespace
}  // namespace weir
