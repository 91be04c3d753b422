#include "parse/recognition.hpp"

#include <gtest/gtest.h>

#include <ranges>

#include "parse/named_formats.hpp"
#include "unit/lines.hpp"

namespace weir {
namespace {

std::string taken_for(std::vector<std::string_view> lines) {
  return to_text(recognise_lines(lines, *recognisable_formats(), test::new_pool()));
}

TEST(Recognition, TakesTheFormatOfMostLines) {
  EXPECT_EQ(taken_for({R"({"a":1})", "", R"( {"a":2})", "{x"}), "json (2 of 3 lines)");
  EXPECT_EQ(taken_for({R"(1.1.1.1 - - [02/Jan/2026:09:14:07 +0000] "GET / HTTP/1.1" 200 7)"}),
            "clf (1 of 1 lines)");
  EXPECT_EQ(taken_for({"Jan  2 09:14:07 web sshd[7]: hello"}), "syslog (1 of 1 lines)");
  EXPECT_EQ(taken_for({"2026-01-02T09:14:07.123456+01:00 web sshd[7]: hello"}),
            "syslog (1 of 1 lines)");
  EXPECT_EQ(taken_for({"2026-01-02T09:14:07Z INFO shop[7]: hello"}),
            "plain, of no known format (a time in 1 of 1 lines)");
  EXPECT_EQ(taken_for({"<13>1 2026-01-02T09:14:07Z h a - - - hello"}), "syslog (1 of 1 lines)");
  EXPECT_EQ(taken_for({"level=info msg=\"a b\""}), "logfmt (1 of 1 lines)");
  EXPECT_EQ(taken_for({"CEF:0|a|b|c|d|e|1|k=v"}), "cef (1 of 1 lines)");
}

TEST(Recognition, OddLinesDoNotCostTheOthersTheirFields) {
  std::vector<std::string_view> lines(9, "2026-11-30 08:12:01,123 - acme - ERROR - boom");
  lines.insert(lines.begin(), "2026-11-30 08:11:59 boot");
  EXPECT_EQ(taken_for(lines), "python (9 of 10 lines)");
  EXPECT_EQ(taken_for({lines[0], lines[0], lines[1]}),
            "plain, of no known format (a time in 3 of 3 lines)");
}

TEST(Recognition, TakesAccessLogsWithMoreFields) {
  const std::string front = R"(1.1.1.1 - - [02/Jan/2026:09:14:07 +0000] "GET / HTTP/1.1" 200 7)";
  const std::string combined = front + R"( "-" "curl/8.5.0")";
  const std::string timed = combined + " 0.004 0.003";
  const std::string forwarded = "198.51.100.4, " + combined;
  EXPECT_EQ(taken_for({combined, combined}), "clf (2 of 2 lines)");
  EXPECT_EQ(taken_for({combined, timed, forwarded}), "clf lenient=true (3 of 3 lines)");
  EXPECT_EQ(taken_for({combined + R"( "-")"}), "nginx main (1 of 1 lines)");
}

TEST(Recognition, AmongPlainLinesThoseOfAKnownFormatKeepTheirFields) {
  const auto asked_first = [](std::size_t python) {
    std::vector<std::string_view> lines(20 - python, "2026-11-30 08:11:59 boot");
    lines.insert(lines.end(), python, "2026-11-30 08:12:01,123 - acme - ERROR - boom");
    const recognition seen = recognise_lines(lines, *recognisable_formats(), test::new_pool());
    EXPECT_EQ(seen.stage, "plain");
    return seen.asked_first;
  };
  EXPECT_EQ(asked_first(1), std::vector<std::string>{});
  EXPECT_EQ(asked_first(2), std::vector<std::string>{"python"});
}

// As rsyslog writes on Debian 12 and Ubuntu 24.04, and `journalctl -o short-iso`.
TEST(Recognition, TakesSyslogForThatThoughSomeTagsHaveNoProcess) {
  const std::string_view sure = "2026-11-30T10:01:02.123456+01:00 web1 sshd[1]: a";
  std::vector<std::string_view> lines(8, sure);
  lines.push_back(
      "2026-11-30T10:01:02.123456+01:00 web1 sudo:     root : TTY=pts/0 ; COMMAND=/bin/ls");
  lines.push_back("2026-11-30T10:01:02.123456+01:00 web1 rsyslogd: [origin software=\"rsyslogd\"]");
  lines.push_back("2026-11-30T10:01:02.123456+01:00 web1 -- MARK --");
  EXPECT_EQ(taken_for(lines), "syslog (11 of 11 lines)");
  EXPECT_EQ(taken_for({lines[8], lines[9], sure}), "syslog (3 of 3 lines)");
  EXPECT_EQ(taken_for({"2026-11-30T10:01:02+0100 web1 kernel: x"}), "syslog (1 of 1 lines)");
}

TEST(Recognition, TakesLinesOfCiscosDevicesForSyslog) {
  EXPECT_EQ(taken_for({"00:00:46: %LINK-3-UPDOWN: Interface Port-channel1, changed state to up",
                       "*Mar  1 18:48:50.483 UTC: %SYS-5-CONFIG_I: x", "12: 1w2d: %SYS-5-X: y",
                       "2026 Jan 12 10:22:33.123 sw1 %ETHPORT-5-IF_UP: Ethernet1/1 is up"}),
            "syslog (4 of 4 lines)");
  EXPECT_EQ(taken_for({"00:00:46: a", "12: b", "* c"}), "text, of no known format");
}

TEST(Recognition, TakesMikrotiksTopicsForSyslog) {
  EXPECT_EQ(taken_for({"2026-05-31T11:53:54.575688+02:00 gw firewall,info input: in:WAN",
                       "<30>system,info,account user admin logged in"}),
            "syslog (2 of 2 lines)");
}

TEST(Recognition, TakesLinesOfEsxiForSyslog) {
  EXPECT_EQ(taken_for({"2026-01-02T09:14:07.737Z In(182) vmkernel: cpu3:2097684)x",
                       "2026-01-02T09:14:07.737Z In(05) vmx - x"}),
            "syslog (2 of 2 lines)");
}

TEST(Recognition, AHostMayBeWrittenInCapitals) {
  EXPECT_EQ(taken_for({"2026-11-30T10:01:02.123456+01:00 DBSERVER sshd[1]: a"}),
            "syslog (1 of 1 lines)");
  EXPECT_EQ(taken_for({"2026-11-30T10:01:02.123456+01:00 CRITICAL shop[1]: a"}),
            "plain, of no known format (a time in 1 of 1 lines)");
}

// Go's RFC3339Nano, and senders that leave out the structured data.
TEST(Recognition, TakesRfc5424AsManySendIt) {
  EXPECT_EQ(taken_for({"<14>1 2026-11-30T10:01:02.123456789Z h a 1 - - x",
                       "<14>1 2026-11-30T10:01:02Z h a 1 - no data", "<14>1 yesterday h a 1 - - x",
                       "<14>1 2026-11-30 10:01:02 h CheckPoint 1 - [a:\"b\";]"}),
            "syslog (3 of 4 lines)");
}

TEST(Recognition, TakesNoProgramsOwnLinesForSyslog) {
  const std::string_view plain = "2026-01-02T09:14:07Z web1 shop: hello";
  EXPECT_EQ(taken_for({plain}), "plain, of no known format (a time in 1 of 1 lines)");
  std::vector<std::string_view> lines(11, plain);
  lines.push_back("2026-01-02T09:14:07Z web1 shop[7]: hello");
  EXPECT_EQ(taken_for(lines), "plain, of no known format (a time in 12 of 12 lines)");
  for (const std::string_view own :
       {"2026-01-02T09:14:07Z INFO shop: hello", "2026-01-02T09:14:07Z warning shop[7]: hello",
        "2026-01-02T09:14:07Z [main] shop[7]: hello", "2026-01-02T09:14:07Z  shop[7]: hello",
        "2026-01-02T09:14:07Z E shop[7]: hello", "2026-01-02T09:14:07Z ERR shop[7]: hello"}) {
    const std::vector both{own, std::string_view{"2026-01-02T09:14:07Z web1 shop[7]: hello"}};
    EXPECT_EQ(taken_for(both), "plain, of no known format (a time in 2 of 2 lines)") << own;
  }
}

TEST(Recognition, TakesLabelledValuesForThat) {
  EXPECT_EQ(taken_for({"a:1\tb:2", "a:-\tb:x:y"}), "ltsv (2 of 2 lines)");
  EXPECT_EQ(taken_for({"a:1"}), "text, of no known format");
  EXPECT_EQ(taken_for({"a:1\tb c:2"}), "text, of no known format");
}

TEST(Recognition, TakesTablesForThatByTheirHeader) {
  EXPECT_EQ(taken_for({"a,b", "1,2"}), "csv (2 of 2 lines)");
  EXPECT_EQ(taken_for({"a\tb\tc", "x\ty\tz", "x\ty,\tz"}), "tsv (3 of 3 lines)");
  EXPECT_EQ(taken_for({"a;b,c;d", "x;\"y;y\";z", "1;2;3"}), "text, of no known format");
  EXPECT_EQ(taken_for({"a b;\"c\";d", "x;\"y;y\";z", "1;2;3"}),
            "csv delimiter=semicolon (3 of 3 lines)");
  EXPECT_EQ(taken_for({"time,level,message", "2026-01-02T09:14:07Z,info,x",
                       "2026-01-02T09:14:08Z,info,\"x, y\""}),
            "csv (3 of 3 lines)");
  EXPECT_EQ(taken_for({"sep=;", "a b;c", "1;\"x", "y\""}),
            "csv delimiter=semicolon (4 of 4 lines)");
}

// Of csv-spectrum: one row is enough where a comma needs quotes.
TEST(Recognition, ARowOfATableMayTellByItsQuotes) {
  EXPECT_EQ(
      taken_for({"first,last,address,city,zip", "John,Doe,120 any st.,\"Anytown, WW\",08123"}),
      "csv (2 of 2 lines)");
  for (const std::string_view row : {"John,Doe,\"Anytown\"", "John,\"Anytown, WW\"",
                                     "John,Doe,\"Anytown, WW", "John,Doe,a \"b, c\""}) {
    EXPECT_EQ(taken_for({"first,last,city", row}), "text, of no known format") << row;
  }
  EXPECT_EQ(taken_for({"A,B,C", "X,Y,Z"}), "text, of no known format");
}

TEST(Recognition, TakesATableWhoseHeaderChangesForThat) {
  EXPECT_EQ(taken_for({"#Fields: n a", "1 2", "#Fields: b n", "5 6", "7 8 9"}),
            "w3c (4 of 5 lines)");
}

TEST(Recognition, TakesNoTextWithCommasForATable) {
  const std::string text = "text, of no known format";
  EXPECT_EQ(taken_for({"a,b"}), text);
  EXPECT_EQ(taken_for({"a,b", "c,d"}), text);
  EXPECT_EQ(taken_for({"Dear Ann, you", "said 1, or 2"}), text);
  EXPECT_EQ(taken_for({"a,a,b", "1,2,3", "4,5,6"}), text);
  EXPECT_EQ(taken_for({"a,b,c", "1,2,3", "1,2"}), text);
  EXPECT_EQ(taken_for({"1,2,3", "4,5,6", "7,8,9"}), text);
}

TEST(Recognition, AContainersLineIsNotTakenForWhatTheContainerWrote) {
  EXPECT_EQ(taken_for({R"(2026-01-02T09:14:07.413656027Z stdout F 172.18.0.1 - - )"
                       R"([02/Jan/2026:09:14:07 +0000] "GET / HTTP/1.1" 200 13 "-" "curl/7.68.0" )"
                       R"(102 0.000 [prod-mywebapp-80] [] 10.10.0.4:80 13 0.000 200 ff)"}),
            "cri (1 of 1 lines)");
}

TEST(Recognition, EachNamedFormatByItsSample) {
  for (const named_format& f : named_formats()) {
    if (f.name == "plain") continue;  // which is no format of its own
    std::vector<std::string_view> lines;
    for (const auto line : std::views::split(f.sample, '\n')) lines.emplace_back(line);
    const std::string n = std::to_string(lines.size());
    EXPECT_EQ(taken_for(lines), std::string{f.name} + " (" + n + " of " + n + " lines)");
  }
}

TEST(Recognition, WhatNoFormatTakesIsText) {
  EXPECT_EQ(taken_for({"hello", "a = b, perhaps"}), "text, of no known format");
  EXPECT_EQ(taken_for({}), "text, of no known format");
}

}  // namespace
}  // namespace weir
