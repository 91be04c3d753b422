#include "parse/named_formats.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "expr/severity.hpp"
#include "record/record_time.hpp"
#include "unit/one_record.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view format, std::string_view line, bool lenient = false) {
  return test::outcome_of(parser_of(named_format_called(format), {.lenient = lenient})(), line);
}

/// A record of one line or of several, read.
testing::one_record read_record(const named_format& f, std::string_view text) {
  testing::one_record r{text, shape::text};
  line_parsing(parser_of(f)(), test::new_pool(), test::parse_stage, false)(r.as_batch());
  return r;
}

TEST(NamedFormats, EachReadsItsSample) {
  for (const named_format& f : named_formats()) {
    testing::one_record r = read_record(f, f.sample);
    EXPECT_EQ(test::written(r.as_batch()), std::vector{std::string{f.becomes}}) << f.name;
  }
}

TEST(NamedFormats, EachFindsTheTimeIfItsSampleHasOne) {
  for (const named_format& f : named_formats()) {
    const bool has_time = f.becomes.find("\"time\":") != f.becomes.npos;
    EXPECT_EQ(time_of(*read_record(f, f.sample)).has_value(), has_time) << f.name;
  }
}

TEST(NamedFormats, EachFindsTheLevelIfItsSampleHasOne) {
  for (const named_format& f : named_formats()) {
    // That of cri is in what the container wrote.
    const bool has_level = f.becomes.contains("\"level\":") || f.name == "cri";
    EXPECT_EQ(expr::level_of(*read_record(f, f.sample)).has_value(), has_level) << f.name;
  }
}

TEST(NamedFormats, NoneTakesTheSampleOfAnother) {
  for (const named_format& f : named_formats()) {
    if (f.name == "plain") continue;  // which is made to
    for (const named_format& other : named_formats()) {
      if (&f == &other) continue;
      testing::one_record r = read_record(f, other.sample);
      EXPECT_TRUE(r.as_batch().empty()) << f.name << " of " << other.name;
    }
  }
}

TEST(NamedFormats, ALayoutIsStrictUnlessLenient) {
  const std::string line = std::string{named_format_called("elb").sample};
  EXPECT_EQ(read("elb", line + " more"), "text behind the last field @ 185");
  EXPECT_NE(read("elb", line + " more", true).find(R"("rest":"more")"), std::string::npos);
  EXPECT_EQ(read("elb", "yesterday" + line.substr(27)), "malformed time @ 0");
  EXPECT_EQ(read("elb", line.substr(0, 27) + " " + line.substr(27)), "expected a value @ 28");
  EXPECT_EQ(read("elb", line.substr(0, 40)), "the line does not go on as the format @ 34");
}

// "Amazon S3 server access log format": the agent is what the client sent, with its quotes.
TEST(NamedFormats, QuotesInTheLastQuotedFieldNeedNoEscape) {
  const named_format& f = named_format_called("s3_access");
  std::string line{f.sample};
  const std::string_view agent = "S3Console/0.4";
  line.replace(line.find(agent), agent.size(), R"(a "b" c" - d)");
  std::string becomes{f.becomes};
  becomes.replace(becomes.find(agent), agent.size(), R"(a \"b\" c\" - d)");
  EXPECT_EQ(read("s3_access", line), becomes);
}

TEST(NamedFormats, OlderLinesEndBeforeTheOptionalFields) {
  const std::string line = std::string{named_format_called("elb").sample};
  const std::string old = line.substr(0, line.find(" \"curl"));
  EXPECT_EQ(read("elb", old).find("{\"time\""), 0u) << read("elb", old);
}

// AWS's documentation says which fields were added since: a line of its time ends before them.
TEST(NamedFormats, LinesOfLoadBalancersMayEndBehindEachFieldThatWasAdded) {
  const std::string_view line = named_format_called("alb").sample;
  const std::size_t first_end = line.find(" \"-\" \"-\" 0 ");
  for (std::size_t end = first_end; end != line.npos; end = line.find(' ', end + 1)) {
    const std::string record = read("alb", line.substr(0, end));
    EXPECT_TRUE(record.contains(R"("trace_id":"Root=1-58337262")")) << record;
  }
  const std::string without_trace = read("alb", line.substr(0, line.find(" \"Root=")));
  EXPECT_FALSE(without_trace.contains('{')) << without_trace;
}

// The example of "Access log entries" in AWS's guide of 2017.
TEST(NamedFormats, TheFirstNamesBehindATraceHadNoQuotes) {
  const std::string_view line = named_format_called("alb").sample;
  const std::string front{line.substr(0, line.find(" \"-\" \"-\" 0 "))};
  const std::string named = read("alb", front + " www.example.com arn:aws:acm:x 0");
  EXPECT_TRUE(named.ends_with(
      R"("domain_name":"www.example.com","chosen_cert_arn":"arn:aws:acm:x","matched_rule_priority":0})"))
      << named;
  EXPECT_TRUE(read("alb", front + " - -").ends_with(R"("trace_id":"Root=1-58337262"})"));
  EXPECT_FALSE(read("alb", front + " - - 0 more").contains('{'));
  std::string later{line};
  EXPECT_TRUE(read("alb", later.replace(later.find("2026-01-02T09:14:06"), 4, "x"))
                  .starts_with("malformed time"));
}

// lnav's sample of 2012.
TEST(NamedFormats, LinesOfS3MayEndBehindTheAgent) {
  const std::string_view line = named_format_called("s3_access").sample;
  const std::size_t first_end = line.find(" - s9lz");
  for (std::size_t end = first_end; end != line.npos; end = line.find(' ', end + 1)) {
    const std::string record = read("s3_access", line.substr(0, end));
    EXPECT_TRUE(record.contains(R"("user_agent":"S3Console/0.4")")) << record;
  }
}

TEST(NamedFormats, TheFurtherLinesOfAJoinedRecordBelongToTheMessage) {
  for (const named_format& f : program_formats()) {
    testing::one_record joined = read_record(f, std::string{f.sample} + "\n\tat shop.Main");
    std::string becomes{f.becomes};
    becomes.insert(becomes.size() - 2, R"(\n\tat shop.Main)");
    EXPECT_EQ(test::written(joined.as_batch()), std::vector{becomes}) << f.name;
  }
}

// As MySQL 8 and MariaDB 10.11 write them (sql/log.cc), with tabs.
TEST(NamedFormats, TheGeneralLogOfMySqlIsReadOfEachAge) {
  EXPECT_EQ(read("mysql_log", "2026-01-12T10:22:33.123456Z\t    8 Connect\troot@localhost on shop"),
            R"({"time":"2026-01-12T10:22:33.123456Z","thread":8,"command":"Connect",)"
            R"("message":"root@localhost on shop"})");
  EXPECT_EQ(read("mysql_log", "2026-01-12T10:22:34.123456Z\t    8 Statistics\t"),
            R"({"time":"2026-01-12T10:22:34.123456Z","thread":8,"command":"Statistics",)"
            R"("message":""})");
  EXPECT_EQ(read("mysql_log", "260112 10:22:36\t    31 Query\tshow databases"),
            R"({"time":"260112 10:22:36","thread":31,"command":"Query",)"
            R"("message":"show databases"})");
  EXPECT_EQ(read("mysql_log", "\t\t    31 Quit\t"),
            R"({"thread":31,"command":"Quit","message":""})");
}

// logback-classic's BasicConfigurator: `%d{HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n`,
// since 1.3 with `-%kvp-`.
TEST(NamedFormats, LogbackIsReadAsItWritesWithoutAConfiguration) {
  const std::string front = R"({"time":"12:34:56.789","thread":"main","level":"INFO",)"
                            R"("logger":"c.e.App",)";
  EXPECT_EQ(read("log4j", "12:34:56.789 [main] INFO  c.e.App - hello"),
            front + R"("message":"hello"})");
  EXPECT_EQ(read("log4j", "12:34:56.789 [main] INFO  c.e.App -- hello"),
            front + R"("message":"hello"})");
  EXPECT_EQ(read("log4j", R"(12:34:56.789 [main] INFO  c.e.App -a="b c"- hello)"),
            front + R"("pairs":"a=\"b c\"","message":"hello"})");
  const batch b = test::parsed(parser_of(named_format_called("log4j"))(),
                               "12:34:56.789 [main] INFO  c.e.App - the day is not told");
  EXPECT_EQ(time_of(*b.begin()), std::nullopt);
}

// conf/log4j.properties of 3.4 to 3.7, conf/logback.xml of 3.8 and 3.9:
// `%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n`
TEST(NamedFormats, ZooKeeperMayTellItsNumber) {
  EXPECT_EQ(read("log4j",
                 "2015-07-29 17:41:44,747 [myid:1] - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181"
                 ":FastLeaderElection@774] - Notification time out: 3200"),
            R"({"time":"2015-07-29 17:41:44,747","myid":1,"level":"INFO",)"
            R"("thread":"QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181","logger":"FastLeaderElection",)"
            R"("line":774,"message":"Notification time out: 3200"})");
  EXPECT_EQ(read("log4j", "2022-05-01 10:00:00,123 [myid:] - WARN  [main:o.a.z.Main@64] - x"),
            R"({"time":"2022-05-01 10:00:00,123","level":"WARN","thread":"main",)"
            R"("logger":"o.a.z.Main","line":64,"message":"x"})");
}

// Its LOGGING_CONFIG: `%(levelprefix)s %(client_addr)s - "%(request_line)s" %(status_code)s`, where
// the prefix has nine characters.
TEST(NamedFormats, UvicornIsPythons) {
  EXPECT_EQ(read("python", R"(INFO:     127.0.0.1:5000 - "GET /a?b=c HTTP/1.1" 200 OK)"),
            R"({"level":"INFO","host":"127.0.0.1","port":5000,"method":"GET","path":"/a?b=c",)"
            R"("protocol":"HTTP/1.1","status":200,"reason":"OK"})");
  EXPECT_EQ(read("python", R"(INFO:     ::1:5000 - "GET / HTTP/1.1" 499)"),
            R"({"level":"INFO","host":"::1","port":5000,"method":"GET","path":"/",)"
            R"("protocol":"HTTP/1.1","status":499,"reason":""})");
  EXPECT_EQ(read("python", "INFO:     Started server process [1]"),
            R"({"level":"INFO","message":"Started server process [1]"})");
  EXPECT_EQ(read("python", "WARNING:  Invalid HTTP request received."),
            R"({"level":"WARNING","message":"Invalid HTTP request received."})");
  EXPECT_EQ(read("python", "WARNING: text of any other program"), "the pattern does not match @ 0");
}

// Its configuration's `log_format`, of 2.x and of 1.10:
// `[%(asctime)s] {%(filename)s:%(lineno)d} %(levelname)s - %(message)s`
TEST(NamedFormats, AirflowIsPythons) {
  EXPECT_EQ(read("python", "[2026-11-30T10:00:00.123+0000] {file.py:123} INFO - msg"),
            R"({"time":"2026-11-30T10:00:00.123+0000","file":"file.py","line":123,)"
            R"("level":"INFO","message":"msg"})");
  EXPECT_EQ(read("python", "[2020-01-30 10:00:00,123] {{taskinstance.py:655}} WARNING - x"),
            R"({"time":"2020-01-30 10:00:00,123","file":"taskinstance.py","line":655,)"
            R"("level":"WARNING","message":"x"})");
}

// android_log_formatLogLine of liblog/logprint.cpp; the first line is of loghub's Android.
TEST(NamedFormats, LogcatIsReadInItsForms) {
  EXPECT_EQ(read("logcat", "03-17 16:13:38.811  1702  2395 D WindowManager: printFreezing"),
            R"({"time":"03-17 16:13:38.811","pid":1702,"tid":2395,"level":"D",)"
            R"("tag":"WindowManager","message":"printFreezing"})");
  EXPECT_EQ(read("logcat", "03-17 16:13:38.811 10086  1702  2395 E jni     : a: b"),
            "the pattern does not match @ 0");
  EXPECT_EQ(read("logcat", "2026-03-17 16:13:38.811123 +0100  u0_a86: 1702  2395 E jni     : a: b"),
            R"({"time":"2026-03-17 16:13:38.811123 +0100","uid":"u0_a86","pid":1702,"tid":2395,)"
            R"("level":"E","tag":"jni","message":"a: b"})");
  EXPECT_EQ(read("logcat", "03-17 16:13:38.811 I/ActivityManager( 1702): Start proc"),
            R"({"time":"03-17 16:13:38.811","level":"I","tag":"ActivityManager","pid":1702,)"
            R"("message":"Start proc"})");
}

// The name is padded to that of the longest and a blank: pkg of docker/compose,
// cmd/formatter/logs.go.
TEST(NamedFormats, ComposeTellsTheContainer) {
  EXPECT_EQ(read("compose", "db-1   | LOG:  ready"),
            R"({"container":"db-1","message":"LOG:  ready"})");
  EXPECT_EQ(read("compose", "web_1  | "), R"({"container":"web_1","message":""})");
  EXPECT_EQ(read("compose", "web_1  |"), R"({"container":"web_1"})");
  EXPECT_EQ(read("compose", "name | title"), "the pattern does not match @ 0");
}

// Microsoft.Extensions.Logging.Console: SimpleConsoleFormatter.
TEST(NamedFormats, DotnetIsReadWithTimesAndOnOneLine) {
  EXPECT_EQ(read("dotnet", "2026-01-02T09:14:07 fail: Shop.Orders[0] stock is low [5]"),
            R"({"time":"2026-01-02T09:14:07","level":"fail","logger":"Shop.Orders","event":0,)"
            R"("message":"stock is low [5]"})");
  EXPECT_EQ(read("dotnet", "[09:14:07] crit: Shop.Box`1[-1]"),
            R"({"time":"09:14:07","level":"crit","logger":"Shop.Box`1","event":-1})");
}

// MariaDB's error log (sql/log.cc: `%4d-%02d-%02d %2d:%02d:%02d`).
TEST(NamedFormats, AnHourMayBePaddedWithABlank) {
  for (const std::string_view format : {"mysql_log", "plain"}) {
    const batch b = test::parsed(parser_of(named_format_called(format))(),
                                 "2026-11-30  9:01:03 0 [ERROR] mariadbd: boom");
    ASSERT_EQ(b.size(), 1u) << format;
    EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T09:01:03Z")) << format;
  }
  EXPECT_EQ(read("plain", "2026-11-30  9:01:03 ERROR x"),
            R"({"time":"2026-11-30  9:01:03","level":"ERROR","message":"x"})");
}

TEST(NamedFormats, PlainTakesNothingOfTheMessage) {
  const auto message = [](std::string_view behind_time) {
    return read("plain", "2026-11-30 08:12:01 " + std::string{behind_time});
  };
  const std::string error = R"({"time":"2026-11-30 08:12:01","level":"ERROR","message":")";
  EXPECT_EQ(message("ERROR -17: x"), error + R"(-17: x"})");
  EXPECT_EQ(message("ERROR: --cipher is not set"), error + R"(--cipher is not set"})");
  EXPECT_EQ(message("ERROR --> sent"), error + R"(--> sent"})");
  EXPECT_EQ(message("- ERROR - x"), error + R"(x"})");
  EXPECT_EQ(message("| ERROR | x"), error + R"(x"})");
  EXPECT_EQ(message("[ERROR  ] x"), error + R"(x"})");
  EXPECT_EQ(message("[ ERROR] x"), error + R"(x"})");
}

TEST(NamedFormats, AZoneThatIsNotUnderstoodIsNoTimeRatherThanAWrongOne) {
  for (const std::string_view zone : {" PM", " IST", " UTC+1", " GMT+01:00"}) {
    const std::string line = "2026-11-30 08:12:01" + std::string{zone} + " ERROR x";
    EXPECT_EQ(read("plain", line), R"({"time":"2026-11-30 08:12:01)" + std::string{zone} +
                                       R"(","level":"ERROR","message":"x"})");
    const batch b = test::parsed(parser_of(named_format_called("plain"))(), line);
    EXPECT_NE(time_of(*b.begin()), parse_time("2026-11-30T08:12:01Z")) << zone;
  }
  const batch b =
      test::parsed(parser_of(named_format_called("plain"))(), "2026-11-30 08:12:01.5+01 ERROR x");
  EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T07:12:01.5Z"));
}

// As PHP's main/main.c writes them: php_log_err_with_severity, php_error_cb.
TEST(NamedFormats, PlainReadsTheErrorLogOfPhp) {
  struct line {
    std::string_view kind;
    expr::severity means;
  };
  for (const line& l :
       {line{"Fatal error", expr::severity::critical},
        line{"Parse error", expr::severity::critical},
        line{"Recoverable fatal error", expr::severity::error},
        line{"Warning", expr::severity::warn}, line{"Notice", expr::severity::notice},
        line{"Strict Standards", expr::severity::notice},
        line{"Deprecated", expr::severity::notice}}) {
    const std::string kind{l.kind};
    const std::string text = "[30-Nov-2026 10:01:03 UTC] PHP " + kind + ":  y in /a.php:3";
    EXPECT_EQ(read("plain", text), R"({"time":"30-Nov-2026 10:01:03 UTC","level":")" + kind +
                                       R"(","message":"y in /a.php:3"})");
    const batch b = test::parsed(parser_of(named_format_called("plain"))(), text);
    EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T10:01:03Z"));
    EXPECT_EQ(expr::level_of(*b.begin()), l.means) << kind;
  }
  EXPECT_EQ(read("plain", "[30-Nov-2026 10:01:03 UTC] cache: is cold"),
            R"({"time":"30-Nov-2026 10:01:03 UTC","message":"cache: is cold"})");
}

// The names of IANA's database; without it nobody knows the offset on that day.
TEST(NamedFormats, APlaceThatNamesAZoneIsNoTimeRatherThanAWrongOne) {
  for (const std::string_view time :
       {"2026-11-30 10:00:00 Europe/Berlin", "2026-11-30T10:00:00.5 America/Argentina/Buenos_Aires",
        "2026-11-30 10:00:00 Etc/GMT+3", "30-Nov-2026 10:00:00 Asia/Tokyo"}) {
    const std::string text = std::string{time} + " ERROR x";
    EXPECT_EQ(read("plain", text),
              R"({"time":")" + std::string{time} + R"(","level":"ERROR","message":"x"})");
    const batch b = test::parsed(parser_of(named_format_called("plain"))(), text);
    EXPECT_EQ(time_of(*b.begin()), std::nullopt) << time;
  }
  const std::string_view line = "[30-Nov-2026 10:01:03 Europe/Berlin] PHP Fatal error:  y";
  EXPECT_EQ(read("plain", line), R"({"time":"30-Nov-2026 10:01:03 Europe/Berlin",)"
                                 R"("level":"Fatal error","message":"y"})");
  const batch b = test::parsed(parser_of(named_format_called("plain"))(), line);
  EXPECT_EQ(time_of(*b.begin()), std::nullopt);
}

/// The level of a line by the format's own words.
std::optional<expr::severity> level_in(std::string_view format, std::string_view line,
                                       layout_settings how = {}) {
  const batch b = test::parsed(parser_of(named_format_called(format), how)(), line);
  return b.empty() ? std::nullopt : expr::level_of(*b.begin());
}

// redis.conf, "loglevel"; Samba's debug_level_to_priority; the classification.config of Suricata;
// IBM's "Basic and advanced log format"; OTP's error_logger.
TEST(NamedFormats, ALevelMayBeToldInOtherWords) {
  using expr::severity;
  const auto redis = [](char mark) {
    return level_in("redis", std::string{"7:M 02 Jan 2026 09:14:07.123 "} + mark + " x");
  };
  EXPECT_EQ(redis('#'), severity::warn);
  EXPECT_EQ(redis('*'), severity::notice);
  EXPECT_EQ(redis('-'), severity::trace);
  EXPECT_EQ(redis('.'), severity::debug);
  const auto samba = [](std::string_view number) {
    return level_in("samba",
                    "[2026/01/02 09:14:07,  " + std::string{number} + "] ../a.c:1(main)\n  x");
  };
  EXPECT_EQ(samba("0"), severity::error);
  EXPECT_EQ(samba("3"), severity::notice);
  EXPECT_EQ(samba("10"), severity::debug);
  EXPECT_EQ(samba("11"), std::nullopt);
  const auto suricata = [](std::string_view priority) {
    return level_in("suricata_fast", "01/02/2026-09:14:07.123456  [**] [1:1:1] x [**] [Priority: " +
                                         std::string{priority} +
                                         "] {TCP} 192.0.2.7:4 -> 10.0.0.1:22");
  };
  EXPECT_EQ(suricata("1"), severity::error);
  EXPECT_EQ(suricata("3"), severity::info);
  EXPECT_EQ(suricata("12"), std::nullopt);
  EXPECT_EQ(level_in("websphere", "[1/2/26 9:14:07:123 CET] 0000001a A  A   x"), severity::notice);
  EXPECT_EQ(level_in("otp", "=CRASH REPORT==== 2-Jan-2026::09:14:07 ===\nx"), severity::error);
}

TEST(NamedFormats, PatternsWithAStatusTellItsLevelOnRequest) {
  for (const std::string_view format : {"gin", "haproxy", "squid"}) {
    const std::string line{named_format_called(format).sample};
    EXPECT_EQ(level_in(format, line), std::nullopt) << format;
    EXPECT_NE(level_in(format, line, {.status_level = true}), std::nullopt) << format;
  }
  const std::string_view served =
      R"([GIN] 2026/01/02 - 09:14:07 | 404 |  61.5µs |  10.0.0.1 | GET  "/x")";
  EXPECT_EQ(level_in("gin", served, {.status_level = true}), expr::severity::warn);
}

// "Using the Lambda Python/Node.js runtime", "Monitoring: REPORT"
TEST(NamedFormats, LambdasOwnLinesAreLambdas) {
  EXPECT_EQ(read("lambda", "START RequestId: 8f507cfc-8697 Version: $LATEST"),
            R"({"event":"START","request_id":"8f507cfc-8697","version":"$LATEST"})");
  EXPECT_EQ(read("lambda",
                 "REPORT RequestId: 8f507cfc-8697\tDuration: 12.05 ms\tBilled Duration: 13 ms\t"
                 "Memory Size: 128 MB\tMax Memory Used: 71 MB\tInit Duration: 180.1 ms\t"),
            R"({"event":"REPORT","request_id":"8f507cfc-8697","duration_ms":12.05,"billed_ms":13,)"
            R"("memory_mb":128,"max_memory_mb":71,"message":"Init Duration: 180.1 ms"})");
  EXPECT_EQ(read("lambda", "[ERROR]\t2026-01-02T09:14:07.123Z\t8f507cfc-8697\tx"),
            R"({"level":"ERROR","time":"2026-01-02T09:14:07.123Z","request_id":"8f507cfc-8697",)"
            R"("message":"x"})");
}

// conf/logback.xml of Cassandra 4: `%-5level [%thread] %date{ISO8601} %F:%L - %msg%n`
TEST(NamedFormats, CassandrasLevelComesFirst) {
  EXPECT_EQ(read("log4j", "WARN  [Native-Transport-1] 2026-01-02 09:14:07,123 A.java:557 - slow"),
            R"({"level":"WARN","thread":"Native-Transport-1","time":"2026-01-02 09:14:07,123",)"
            R"("file":"A.java","line":557,"message":"slow"})");
}

TEST(NamedFormats, KlogWithoutAYearIsNearTheFilesLastChange) {
  const std::string with_year =
      read("klog", "I20260102 09:14:07.692994 20 main.c++:9] Hello world!");
  EXPECT_NE(with_year.find(R"("time":"20260102 09:14:07.692994","thread":20)"), std::string::npos);
  EXPECT_EQ(read("klog", "I0000 09:14:07.692994 20 main.c++:9] x"),
            "the pattern does not match @ 0");
}

}  // namespace
}  // namespace weir
