#include "parse/cef.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "record/record_time.hpp"
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
            R"({"prefix":"Jan  2 09:14:07 fw","syslogTime":"Jan  2 09:14:07","cefVersion":"0",)"
            R"("name":"n","severity":"Low","level":"info"})");
}

// Headers as in "Common Event Format" (Micro Focus, ArcSight) and IBM's "LEEF overview".
TEST(Cef, TheTimeIsTheHeadersUnlessTheEventTellsItsOwn) {
  const auto time = [](kind is, std::string_view line) {
    const batch b = test::parsed(std::make_unique<security_event_parser>(is, false), line);
    std::string out;
    if (const auto found = time_of(*b.begin())) format_rfc3339(*found, out);
    return out;
  };
  const std::string event = "CEF:0|Security|threatmanager|1.0|100|worm stopped|10|src=10.0.0.1";
  EXPECT_EQ(time(kind::cef, "Sep 19 2025 08:26:10 host " + event), "2025-09-19T08:26:10Z");
  EXPECT_EQ(time(kind::cef, "<134>2025-09-19T08:26:10.5+02:00 host " + event),
            "2025-09-19T06:26:10.500Z");
  EXPECT_EQ(time(kind::cef, "<134>1 2025-09-19T08:26:10Z host app - - - " + event),
            "2025-09-19T08:26:10Z");
  EXPECT_EQ(time(kind::cef, "Sep 19 2025 08:26:10 host " + event + " rt=1758270370123"),
            "2025-09-19T08:26:10.123Z");
  EXPECT_EQ(time(kind::cef, event), "");
  EXPECT_EQ(time(kind::cef, "the host says " + event), "");
  EXPECT_EQ(time(kind::leef, "Jan 18 2025 11:07:53 192.168.1.1 LEEF:1.0|QRadar|QRM|1.0|NEW|a=b"),
            "2025-01-18T11:07:53Z");
  EXPECT_EQ(time(kind::leef,
                 "Jan 18 2025 11:07:53 h LEEF:1.0|QRadar|QRM|1.0|NEW|devTime=Jan 18 2025 11:07:50"),
            "2025-01-18T11:07:50Z");
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
