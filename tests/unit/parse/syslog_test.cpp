#include "parse/syslog.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "record/record_time.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line, bool lenient = false) {
  return test::outcome_of(std::make_unique<syslog_parser>(lenient), line);
}

TEST(Syslog, ReadsTheExamplesOfTheRfcs) {
  EXPECT_EQ(read("<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8"),
            R"({"facility":"auth","severity":"crit","time":"Oct 11 22:14:15","host":"mymachine",)"
            R"("app":"su","message":"'su root' failed for lonvick on /dev/pts/8"})");
  EXPECT_EQ(read("<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 "
                 "[exampleSDID@32473 iut=\"3\" eventID=\"10\\\"11\"][p x=\"]"
                 "\"] \xef\xbb\xbf"
                 "An event"),
            "malformed structured data @ 120");
  EXPECT_EQ(read("<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 "
                 "[exampleSDID@32473 iut=\"3\" e=\"10\\\"11\"][p] \xef\xbb\xbf"
                 "An event"),
            R"({"facility":"local4","severity":"notice","version":1,)"
            R"("time":"2003-10-11T22:14:15.003Z","host":"mymachine.example.com",)"
            R"("app":"evntslog","msgid":"ID47","structured_data":{"exampleSDID@32473":)"
            R"({"iut":"3","e":"10\"11"},"p":{}},"message":"An event"})");
}

TEST(Syslog, AZoneMayStandBehindTheTime) {
  const std::string front = R"({"facility":"user","severity":"info","time":"Nov 30 10:01:06)";
  EXPECT_EQ(read("<14>Nov 30 10:01:06.123 CET web1 app: x"),
            front + R"(.123 CET","host":"web1","app":"app","message":"x"})");
  EXPECT_EQ(read("<14>Nov 30 10:01:06 CET app: x"),
            front + R"(","host":"CET","app":"app","message":"x"})");
  EXPECT_EQ(read("<14>Nov 30 10:01:06 DBS x: y"),
            front + R"(","host":"DBS","app":"x","message":"y"})");
  const batch b = test::parsed(std::make_unique<syslog_parser>(false),
                               "<14>Nov 30 2026 10:01:06.123 CET web1 app: x");
  EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T09:01:06.123Z"));
}

// Cisco, "Generating Syslog Messages in EMBLEM Format"; without `logging timestamp` there is none.
TEST(Syslog, FirewallsOfCiscoMayHaveAColonInFrontOrNoTime) {
  const std::string front = R"({"facility":"local4","severity":"info",)";
  const std::string behind = R"("app":"%ASA-6-302013","message":"Built"})";
  EXPECT_EQ(read("<166>:Nov 30 2026 10:01:02 CET: %ASA-6-302013: Built"),
            front + R"("time":"Nov 30 2026 10:01:02 CET",)" + behind);
  EXPECT_EQ(read("<166>:Nov 30 2026 10:01:02 fw1 : %ASA-6-302013: Built"),
            front + R"("time":"Nov 30 2026 10:01:02","host":"fw1",)" + behind);
  EXPECT_EQ(read("<166>:%ASA-6-302013: Built"), front + behind);
  EXPECT_EQ(read("<166>%ASA-6-302013: Built"), front + behind);
  EXPECT_EQ(read("<166>: Built"), "expected a time @ 7");
}

TEST(Syslog, FilesAndDevicesDeviate) {
  EXPECT_EQ(
      read("Jun  3 2024 12:08:33.25 fw %ASA-6-302013: Built"),
      R"({"time":"Jun  3 2024 12:08:33.25","host":"fw","severity":"info","app":"%ASA-6-302013",)"
      R"("message":"Built"})");
  EXPECT_EQ(read("2024-06-03T12:08:33.123456+02:00 h kernel: [ 0.1] x"),
            R"({"time":"2024-06-03T12:08:33.123456+02:00","host":"h","app":"kernel",)"
            R"("message":"[ 0.1] x"})");
  EXPECT_EQ(read("<133>Jun 13 16:33:35 haproxy[73411]: started"),
            R"({"facility":"local0","severity":"notice","time":"Jun 13 16:33:35",)"
            R"("app":"haproxy","procid":"73411","message":"started"})");
  EXPECT_EQ(read("Jun 13 16:33:35 h last message repeated 2 times"),
            R"({"time":"Jun 13 16:33:35","host":"h","message":"last message repeated 2 times"})");
  EXPECT_EQ(
      read("26 <1>1 - h - - - - ten bytes"),
      R"({"facility":"kern","severity":"alert","version":1,"host":"h","message":"ten bytes"})");
}

// Lines of Cisco's manuals and of go-syslog's documentation (WithMessageCounter,
// WithCiscoHostname).
TEST(Syslog, CiscosDevicesCountMessagesInFrontOfTheTime) {
  const std::string notice = R"({"facility":"local7","severity":"notice",)";
  EXPECT_EQ(read("<189>643: Jan  8 19:46:03.295: %LINEPROTO-5-UPDOWN: Line protocol is up"),
            notice + R"("time":"Jan  8 19:46:03.295","app":"%LINEPROTO-5-UPDOWN",)"
                     R"("message":"Line protocol is up"})");
  EXPECT_EQ(read("<189>269614: hostname1: Apr 11 10:02:08: %LINEPROTO-5-UPDOWN: up"),
            notice + R"("time":"Apr 11 10:02:08","host":"hostname1",)"
                     R"("app":"%LINEPROTO-5-UPDOWN","message":"up"})");
  EXPECT_EQ(read("<189>29: foo: *Apr 29 13:58:40.411 EDT: %SYS-5-CONFIG_I: by console"),
            notice + R"("time":"Apr 29 13:58:40.411 EDT","host":"foo","app":"%SYS-5-CONFIG_I",)"
                     R"("message":"by console"})");
  EXPECT_EQ(read("<189>: 2026 Jan 12 10:22:33 UTC: %ETHPORT-5-IF_UP: up"),
            notice + R"("time":"2026 Jan 12 10:22:33 UTC","app":"%ETHPORT-5-IF_UP",)"
                     R"("message":"up"})");
}

TEST(Syslog, CiscosFirewallsHaveAColonBehindTheTimeOrTheHost) {
  EXPECT_EQ(read("<187>Mar 16 2026 08:32:04 EDT: %LINK-3-UPDOWN: down"),
            R"({"facility":"local7","severity":"err","time":"Mar 16 2026 08:32:04 EDT",)"
            R"("app":"%LINK-3-UPDOWN","message":"down"})");
  const std::string info = R"({"facility":"local4","severity":"info",)";
  EXPECT_EQ(read("<166>Jan 12 2026 10:22:33: %ASA-6-302013: Built"),
            info + R"("time":"Jan 12 2026 10:22:33","app":"%ASA-6-302013","message":"Built"})");
  EXPECT_EQ(read("<166>Jan 12 2026 10:22:33 fw01 : %ASA-6-302013: Built"),
            info + R"("time":"Jan 12 2026 10:22:33","host":"fw01","app":"%ASA-6-302013",)"
                   R"("message":"Built"})");
  EXPECT_EQ(read("<34>4521: no time: here"), "expected a time @ 4");
  EXPECT_EQ(read("Jan 12 10:22:33: not of a device"), "expected a time @ 15");
}

// Cisco, "System Message Logging": `seq no:timestamp: %facility-severity-MNEMONIC:description`,
// behind what rsyslog and syslog-ng write in front of a relayed message.
TEST(Syslog, ARelaysHeaderStandsInFrontOfADevices) {
  EXPECT_EQ(read("Jan 12 10:22:33 10.0.0.1 4521: *Mar  1 00:00:00.123: %SYS-5-CONFIG_I: by vty0"),
            R"({"time":"Jan 12 10:22:33","host":"10.0.0.1","device_time":"Mar  1 00:00:00.123",)"
            R"("severity":"notice","app":"%SYS-5-CONFIG_I","message":"by vty0"})");
  EXPECT_EQ(read("2026-01-12T10:22:33+01:00 rtr1 123: rtr1: .Jan 12 09:22:33.123 AEST: "
                 "%LINK-3-UPDOWN: down"),
            R"({"time":"2026-01-12T10:22:33+01:00","host":"rtr1",)"
            R"("device_time":"Jan 12 09:22:33.123 AEST","severity":"err",)"
            R"("app":"%LINK-3-UPDOWN","message":"down"})");
  EXPECT_EQ(read("<189>Jan 12 10:22:33 rtr1 45: Jan 12 09:22:33 JST: %SYS-5-CONFIG_I: by vty0"),
            R"({"facility":"local7","severity":"notice","time":"Jan 12 10:22:33","host":"rtr1",)"
            R"("device_time":"Jan 12 09:22:33 JST","app":"%SYS-5-CONFIG_I","message":"by vty0"})");
  EXPECT_EQ(read("Jan 12 10:22:33 h 12: Jan 12 is no time"),
            R"({"time":"Jan 12 10:22:33","host":"h","app":"12","message":"Jan 12 is no time"})");
  EXPECT_EQ(read("Jan 12 10:22:33 h %A-B: m"),
            R"({"time":"Jan 12 10:22:33","host":"h","app":"%A-B","message":"m"})");
}

// VMware, "ESXi Log Files": TIMESTAMP SP SEVERITY SP THREAD-NAME, the severity with its number and
// perhaps a LINE-MARKER; the lines are of Broadcom's KB 421608.
TEST(Syslog, EsxiWritesTheSeverityBehindTheTime) {
  const std::string time = R"("time":"2026-01-02T09:14:07.737Z",)";
  EXPECT_EQ(read("2026-01-02T09:14:07.737Z In(14) vobd[2097521]:  [UserLevelCorrelator] 1us: x"),
            "{" + time +
                R"("facility":"user","severity":"info","app":"vobd","procid":"2097521",)"
                R"("message":" [UserLevelCorrelator] 1us: x"})");
  EXPECT_EQ(read("2026-01-02T09:14:07.737Z Wa(180)+ vmkwarning: cpu3:2097684)x"),
            "{" + time +
                R"("facility":"local6","severity":"warning","continued":true,)"
                R"("app":"vmkwarning","message":"cpu3:2097684)x"})");
  EXPECT_EQ(read("2026-01-02T09:14:07.737Z Db(5) vmx - y"),
            "{" + time + R"("severity":"debug","message":"vmx - y"})");
  const std::string error = R"({"facility":"local4","severity":"err",)";
  EXPECT_EQ(read("<163>2026-01-02T09:14:07.737Z esx1 Er(163) Hostd[7]: [Originator@6876] x"),
            error + time +
                R"("host":"esx1","app":"Hostd","procid":"7",)"
                R"("message":"[Originator@6876] x"})");
  EXPECT_EQ(read("2026-01-02T09:14:07.737Z Er(x) Hostd[7]: y"),
            "{" + time + R"-("host":"Er(x)","app":"Hostd","procid":"7","message":"y"})-");
}

// The example of Cisco's "System Message Logging", which it calls a partial switch system message.
TEST(Syslog, CiscosDevicesMayHaveNoPriority) {
  EXPECT_EQ(read("00:00:46: %LINK-3-UPDOWN: Interface Port-channel1, changed state to up"),
            R"({"uptime":"00:00:46","severity":"err","app":"%LINK-3-UPDOWN",)"
            R"("message":"Interface Port-channel1, changed state to up"})");
  EXPECT_EQ(read("*Mar 1 18:46:11: %SYS-5-CONFIG_I: Configured from console by vty2"),
            R"({"time":"Mar 1 18:46:11","severity":"notice","app":"%SYS-5-CONFIG_I",)"
            R"("message":"Configured from console by vty2"})");
  EXPECT_EQ(read("*Mar  1 18:48:50.483 UTC: %SYS-5-CONFIG_I: by vty2"),
            R"({"time":"Mar  1 18:48:50.483 UTC","severity":"notice","app":"%SYS-5-CONFIG_I",)"
            R"("message":"by vty2"})");
  EXPECT_EQ(read("<189>19: 1w2d: %SYS-5-CONFIG_I: by vty2"),
            R"({"facility":"local7","severity":"notice","uptime":"1w2d",)"
            R"("app":"%SYS-5-CONFIG_I","message":"by vty2"})");
  EXPECT_EQ(read("1w2d: no mnemonic"), "expected a time @ 0");
}

// ArubaOS: "{date-time [year]} {originating host} {daemon}".
TEST(Syslog, TheYearMayStandBehindTheTime) {
  const std::string front = R"({"facility":"local7","severity":"notice","time":"Nov 30 10:00:00)";
  EXPECT_EQ(read("<189>Nov 30 10:00:00 2026 ctl1 authmgr[12]: <522008> <12> <NOTI> x"),
            front + R"( 2026","host":"ctl1","app":"authmgr","procid":"12",)"
                    R"("message":"<522008> <12> <NOTI> x"})");
  EXPECT_EQ(read("<189>Nov 30 10:00:00 2026: x"), front + R"(","app":"2026","message":"x"})");
  EXPECT_EQ(read("<189>Nov 30 10:00:00 1026 a: x"),
            front + R"(","host":"1026","app":"a","message":"x"})");
  const batch b = test::parsed(std::make_unique<syslog_parser>(false),
                               "Feb 29 10:00:00 2024 ctl1 a: x\nFeb 29 10:00:00 2025 ctl1 a: x");
  EXPECT_EQ(b.size(), 1u);
  EXPECT_EQ(time_of(*b.begin()), parse_time("2024-02-29T10:00:00Z"));
}

// Juniper, "Interpreting Messages Generated in Standard Format": with explicit-priority
// `timestamp message-source: %facility-severity-TAG: message-text`.
TEST(Syslog, JunosHasSecondBlanksAndASeverityBehindTheTag) {
  const std::string front = R"({"time":"Jan 12 10:22:33","host":"mx1","app":"mgd","procid":"12",)";
  for (const char* line :
       {"Jan 12 10:22:33  mx1 mgd[12]: UI: x", "Jan 12 10:22:33 mx1  mgd[12]: UI: x",
        "Jan 12 10:22:33  mx1  mgd[12]: UI: x"}) {
    EXPECT_EQ(read(line), front + R"("message":"UI: x"})") << line;
  }
  EXPECT_EQ(read("Jan 12 10:22:33  mx1 mgd[12]: %INTERACT-4-UI_X: y"),
            front + R"("severity":"warning","message":"%INTERACT-4-UI_X: y"})");
  EXPECT_FALSE(read("Jan 12 10:22:33    indented").contains("host"));
}

// Lines of crowdsec's mikrotik-logs, which it reads as these topics, and of MikroTik's "Log" page.
TEST(Syslog, MikrotikWritesTopics) {
  EXPECT_EQ(
      read("2023-03-19T12:34:09.757188+01:00 10.120.127.1 system,error,critical login failure"),
      R"({"time":"2023-03-19T12:34:09.757188+01:00","host":"10.120.127.1",)"
      R"("severity":"crit","topics":"system,error,critical","message":"login failure"})");
  const std::string info = R"({"facility":"daemon","severity":"info",)";
  const std::string behind = R"("topics":"firewall,info","message":"input: in:ether1"})";
  EXPECT_EQ(read("<30>Jan 12 10:22:33 gw firewall,info input: in:ether1"),
            info + R"("time":"Jan 12 10:22:33","host":"gw",)" + behind);
  EXPECT_EQ(read("<30>Jan 12 10:22:33 firewall,info input: in:ether1"),
            info + R"("time":"Jan 12 10:22:33",)" + behind);
  EXPECT_EQ(read("<30>firewall,info input: in:ether1"), info + behind);
  EXPECT_EQ(read("<30>a,b input"), "expected a time @ 4");
}

// Component, PID and Content of loghub's structured files (Mac, Linux).
TEST(Syslog, TheNameOfAProcessMayHoldBlanks) {
  EXPECT_EQ(read("Jul  5 00:21:07 mac Google Chrome[35628]: -_continuousScroll is deprecated"),
            R"({"time":"Jul  5 00:21:07","host":"mac","app":"Google Chrome","procid":"35628",)"
            R"("message":"-_continuousScroll is deprecated"})");
  EXPECT_EQ(read("Jul  3 17:10:11 mac BezelServices 255.10[94]: ASSERTION FAILED"),
            R"({"time":"Jul  3 17:10:11","host":"mac","app":"BezelServices 255.10","procid":"94",)"
            R"("message":"ASSERTION FAILED"})");
  EXPECT_EQ(read("Jul  7 08:06:15 combo  -- root[2421]: ROOT LOGIN ON tty2"),
            R"({"time":"Jul  7 08:06:15","host":"combo","app":"-- root","procid":"2421",)"
            R"("message":"ROOT LOGIN ON tty2"})");
  for (const std::string_view message :
       {"no route to eth0[2] now", "user 'x' of web[7]: refused", "reading table a[i]: failed",
        "a sentence that is too long for the name of a program[7]: x"}) {
    const std::string front = R"({"time":"Jul  7 08:06:15","host":"combo","message":")";
    EXPECT_EQ(read("Jul  7 08:06:15 combo " + std::string{message}),
              front + std::string{message} + "\"}");
  }
}

TEST(Syslog, PairsBehindTheTimeAreNoHost) {
  const std::string info = R"({"facility":"local0","severity":"info","time":"Jan 12 10:22:33",)";
  EXPECT_EQ(read("<134>Jan 12 10:22:33 date=2026-01-12 level=\"notice\""),
            info + R"("message":"date=2026-01-12 level=\"notice\""})");
  EXPECT_EQ(read("<134>Jan 12 10:22:33 relay date=2026-01-12"),
            info + R"("host":"relay","message":"date=2026-01-12"})");
}

TEST(Syslog, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read("<192>Oct 11 22:14:15 h a: m"), "malformed priority @ 0");
  EXPECT_EQ(read("<34>Oct 32 22:14:15 h a: m"), "expected a time @ 4");
  EXPECT_EQ(read("<1>1 2003-08-24T05:14:15.0000003Z h - - - -"), "malformed time @ 5");
  EXPECT_EQ(read("<1>1 - h  - - -"), "malformed app-name @ 9");
  EXPECT_EQ(read("<1>1 - - - - - [a b]"), "malformed structured data @ 19");
  EXPECT_EQ(read("25 <1>1 - h - - - - ten bytes"), "the length in front is wrong @ 0");
}

TEST(Syslog, ReadsTheEscapesOfStructuredData) {
  EXPECT_EQ(read("<1>1 - - - - - [a b=\"\\\\ \\] \\q\" c\\d=\"\tx\" e=\"\"][i\\j]"),
            R"({"facility":"kern","severity":"alert","version":1,"structured_data":)"
            R"({"a":{"b":"\\ ] \\q","c\\d":"\tx","e":""},"i\\j":{}}})");
  EXPECT_EQ(read("<1>1 - - - - - [a][b][a]"), "malformed structured data @ 22");
  EXPECT_EQ(read("<1>1 - - - - - [a b=\"c\\"), "malformed structured data @ 23");
}

TEST(Syslog, ATimeOfTheSameSecondIsCheckedAsTheFirst) {
  const batch b = test::parsed(std::make_unique<syslog_parser>(false),
                               "<1>1 2016-12-31T23:59:59.5Z - - - - - a\n"
                               "<1>1 2016-12-31T23:59:59.25Z - - - - - b\n"
                               "<1>1 2016-12-31T23:59:59.0000001Z - - - - -\n"
                               "<1>1 2016-12-31T23:59:59+25:00 - - - - -\n"
                               "<1>1 2016-12-31T24:59:59.5Z - - - - -\n"
                               "<1>1 2016-12-31T23:59:59Z - - - - - c\n");
  std::vector<std::uint64_t> rejected;
  for (const reject_entry& e : b.rejects()) rejected.push_back(e.number);
  EXPECT_EQ(rejected, (std::vector<std::uint64_t>{3, 4, 5}));
  EXPECT_EQ(b.size(), 3u);
}

TEST(Syslog, LenientlyWhatDoesNotFitIsTheMessage) {
  EXPECT_EQ(read("<192>no time", true), R"({"message":"<192>no time"})");
  EXPECT_EQ(read("<34>1 yesterday h a - - [broken m", true),
            R"({"facility":"auth","severity":"crit","version":1,"time":"yesterday","host":"h",)"
            R"("app":"a","message":"[broken m"})");
}

// The example of syslog-ng's and AxoSyslog's "Check Point Log Exporter parser".
TEST(Syslog, LenientlyCheckPointsPairsAreStructuredData) {
  const std::string front = R"({"facility":"local0","severity":"info","version":1,)"
                            R"("time":"2018-03-21 17:25:25","host":"MDS-72","app":"CheckPoint",)"
                            R"("procid":"13752",)";
  EXPECT_EQ(read("<134>1 2018-03-21 17:25:25 MDS-72 CheckPoint 13752 - [action:\"Update\"; "
                 "flags:\"150784\"; loguid:\"{0x5ab27965,0x0}\";]",
                 true),
            front + R"("structured_data":)"
                    R"({"action":"Update","flags":"150784","loguid":"{0x5ab27965,0x0}"}})");
  EXPECT_EQ(
      read("<134>1 2018-03-21 17:25:25 MDS-72 CheckPoint 13752 - [rule:\"a \\\"b\\\" [c]\"]", true),
      front + R"("structured_data":{"rule":"a \"b\" [c]"}})");
  EXPECT_EQ(read("<134>1 2018-03-21 17:25:25 MDS-72 CheckPoint 13752 - [rule:\"a", true),
            front + R"("message":"[rule:\"a"})");
}

TEST(Syslog, AMissingYearIsTheNearestToTheShard) {
  const auto time_of_line = [](std::string_view line, std::string_view modified) {
    const auto pool = test::new_pool();
    const auto of = std::make_shared<shard>(
        shard{.name = "t", .identity = "t", .modified_ns = *parse_rfc3339(modified)});
    batch b = test::lines_of(line, pool, of);
    line_parsing(std::make_unique<syslog_parser>(false), pool, test::parse_stage, false)(b);
    std::string text;
    format_rfc3339(time_of(*b.begin()).value_or(0), text);
    return text;
  };
  EXPECT_EQ(time_of_line("<189>1: Jan  1 00:00:01.5 CET: %A-1-B: m", "2026-01-01T00:00:03Z"),
            "2025-12-31T23:00:01.500Z");
  EXPECT_EQ(time_of_line("<189>: 2026 Jan 12 10:22:33 UTC: %A-1-B: m", "2020-01-01T00:00:03Z"),
            "2026-01-12T10:22:33Z");
  EXPECT_EQ(time_of_line("Dec 31 23:59:59 h a: m", "2026-01-01T00:00:03Z"), "2025-12-31T23:59:59Z");
  EXPECT_EQ(time_of_line("Jan  1 00:00:01 h a: m", "2025-12-31T23:59:58Z"), "2026-01-01T00:00:01Z");
  EXPECT_EQ(time_of_line("Feb 29 12:00:00 h a: m", "2025-03-01T00:00:00Z"), "2024-02-29T12:00:00Z");
}

}  // namespace
}  // namespace weir
