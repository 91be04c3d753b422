#include "parse/cef.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

using kind = security_event_parser::kind;

std::string read(kind is, std::string_view line, bool lenient = false) {
  return test::outcome_of(std::make_unique<security_event_parser>(is, lenient), line);
}

TEST(Cef, HeaderAndExtensionBecomeFields) {
  EXPECT_EQ(read(kind::cef, "CEF:0|acme|fw|1.0|100|port scan|10|src=192.0.2.7 spt=1232 msg=a b"),
            R"({"cefVersion":"0","deviceVendor":"acme","deviceProduct":"fw","deviceVersion":"1.0",)"
            R"("deviceEventClassId":"100","name":"port scan","severity":10,"level":"critical",)"
            R"("src":"192.0.2.7","spt":1232,"msg":"a b"})");
}

TEST(Cef, WhatStandsInFrontIsThePrefix) {
  EXPECT_EQ(read(kind::cef, "Jan  2 09:14:07 fw CEF:0|||||n|Low|"),
            R"({"prefix":"Jan  2 09:14:07 fw","cefVersion":"0","name":"n","severity":"Low",)"
            R"("level":"info"})");
}

TEST(Cef, EscapesAreResolved) {
  EXPECT_EQ(read(kind::cef, R"(CEF:0|a\|b\\|||||1|k=x\=y\\z \d\nw q=)"),
            R"({"cefVersion":"0","deviceVendor":"a|b\\","severity":1,"level":"info",)"
            R"("k":"x=y\\z \\d\nw","q":""})");
}

TEST(Cef, OnlyABlankAndAKeyEndAValue) {
  EXPECT_EQ(read(kind::cef, "CEF:0||||||1| request=https://a?id=1&b=2 moo=this =has = one  cs1=x"),
            R"({"cefVersion":"0","severity":1,"level":"info","request":"https://a?id=1&b=2",)"
            R"("moo":"this =has = one","cs1":"x"})");
}

TEST(Cef, RejectsWhatIsNone) {
  EXPECT_EQ(read(kind::cef, "a|b|c"), "the line holds no such event @ 0");
  EXPECT_EQ(read(kind::cef, "LEEF:1.0|a|b|c|d|"), "the line holds no such event @ 0");
  EXPECT_EQ(read(kind::cef, "CEF:0|a|b|c|d|e|"), "the header has too few fields @ 16");
  EXPECT_EQ(read(kind::cef, "CEF:0|a|b|c|d|e|1|no pair"), "expected key=value @ 18");
  EXPECT_NE(read(kind::cef, "CEF:0|a|b|c|d|e|1|no pair", true).find(R"("message":"no pair")"),
            std::string::npos);
}

TEST(Leef, AttributesAreDividedByTabsOrAsTheHeaderSays) {
  const std::string header = R"({"leefVersion":)";
  EXPECT_EQ(read(kind::leef, "LEEF:1.0|a|b|c|login|src=1.2.3.4\tsev=5\tusrName=a b"),
            header +
                R"("1.0","deviceVendor":"a","deviceProduct":"b","deviceVersion":"c",)"
                R"("eventId":"login","src":"1.2.3.4","sev":5,"level":"warn","usrName":"a b"})");
  const std::string rest =
      R"("2.0","deviceVendor":"a","deviceProduct":"b","deviceVersion":"c","eventId":"d",)"
      R"("k":"v","l":"w=x"})";
  EXPECT_EQ(read(kind::leef, "LEEF:2.0|a|b|c|d|^|k=v^l=w=x"), header + rest);
  EXPECT_EQ(read(kind::leef, "LEEF:2.0|a|b|c|d|0x5E|k=v^l=w=x"), header + rest);
  EXPECT_EQ(read(kind::leef, "LEEF:2.0|a|b|c|d||k=v\tl=w=x"), header + rest);
  EXPECT_EQ(read(kind::leef, "LEEF:1.0|a|b|c|d|e"), "expected key=value @ 17");
}

}  // namespace
}  // namespace weir
