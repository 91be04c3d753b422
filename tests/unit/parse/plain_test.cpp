#include "parse/plain.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "expr/severity.hpp"
#include "record/record_time.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

using expr::severity;

struct sample {
  std::string_view line;
  std::optional<severity> level;
  std::string_view context = {};
};

batch read(std::string_view line) {
  return test::parsed(make_plain_parser(), line);
}

void expect(const sample& s) {
  const batch b = read(s.line);
  ASSERT_EQ(b.size(), 1u) << s.line;
  EXPECT_EQ(expr::level_of(*b.begin()), s.level) << s.line;
  const value context = b.begin()->get(parse_path("context"));
  EXPECT_EQ(context.type == kind::string ? context.text : "", s.context) << s.line;
}

// The lines are those that each program's manual or source shows; the level is the one that it
// means there.
TEST(Plain, FindsTheLevelWhereItsLayoutHasIt) {
  for (const sample& s : {
           // BIND's ARM, "print-category" and "print-severity"
           sample{"30-Nov-2026 10:00:00.123 general: info: zone example.com/IN: loaded serial 1",
                  severity::info, "general"},
           {"30-Nov-2026 10:00:00.123 security: error: client @0x7f 192.0.2.7#33: denied",
            severity::error, "security"},
           {"30-Nov-2026 10:00:00.123 client @0x7f 192.0.2.7#4242 (a.b): query: a.b IN A", {}},
           // Dovecot, "Logging"
           {"2026-11-30 10:00:00 master: Info: Dovecot v2.3.19 starting up", severity::info,
            "master"},
           {"Nov 30 10:00:00 imap(bob)<12><ab>: Error: Corrupted index", severity::error,
            "imap(bob)<12><ab>"},
           // Jenkins: SupportLogFormatter
           {"2026-11-30 10:00:00.123+0000 [id=22]\tWARNING\thudson.model.A#b: slow", severity::warn,
            "[id=22]"},
           // AWS Lambda, "Using the Node.js function handler"
           {"2026-11-30T10:00:00.123Z\t8f507cfc-xmpl\tERROR\tInvoke Error", severity::error,
            "8f507cfc-xmpl"},
           // zap's development encoder; Istio's
           {"2026-11-30T10:00:00.123Z\terror\txdsproxy\tlost", severity::error},
           // ClickHouse: OwnPatternFormatter
           {"2026.11.30 10:00:00.123456 [ 4711 ] {abc-1} <Error> executeQuery: Code: 60",
            severity::error, "[ 4711 ] {abc-1}"},
           // etcd 3.3: capnslog
           {"2026-11-30 10:00:00.123456 W | etcdserver: request took too long", severity::warn},
           // Squid's cache.log
           {"2026/11/30 10:00:00 kid1| WARNING: DNS lookup failed", severity::warn, "kid1"},
           // Unbound: log_vmsg
           {"[1796032800] unbound[7:0] notice: init module 0", severity::notice, "unbound[7:0]"},
           // lighttpd 1.4.60 and later
           {"2026-11-30 10:00:00: (mod_x.c.118) (error) no such file", severity::error,
            "(mod_x.c.118)"},
           // Salt's log_fmt_logfile
           {"2026-11-30 10:00:00,123 [salt.minion      :1234][ERROR   ][4711] x", severity::error,
            "[salt.minion      :1234]"},
           // JEP 158, unified JVM logging
           {"[2026-11-30T10:00:00.123+0100][0.012s][warning][gc] x", severity::warn, "[0.012s]"},
           // Sidekiq's pretty formatter
           {"2026-11-30T10:00:00.123Z pid=7 tid=gnw class=Job jid=ab elapsed=1.0 INFO: fail",
            severity::info, "pid=7 tid=gnw class=Job jid=ab elapsed=1.0"},
           // Elixir's Logger, with metadata
           {"2026-11-30 10:00:00.123 request_id=F1 [error] GenServer terminating", severity::error,
            "request_id=F1"},
           // logging of Python, "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
           {"2026-11-30 10:00:00,123 - shop - ERROR - job failed", severity::error, "shop"},
           // Log4j 2: its status logger, and PatternLayout with the thread in front
           {"2026-11-30 10:00:00,123 main ERROR Unable to locate appender", severity::error,
            "main"},
           {"2026-11-30 10:00:00,123 http-nio-8080-exec-1 WARN  slow", severity::warn,
            "http-nio-8080-exec-1"},
           // Gitea: the flags of its levels
           {"2026/11/30 10:00:00 cmd/web.go:12:run() [E] boom", severity::error,
            "cmd/web.go:12:run()"},
           {"2026/11/30 10:00:00 ...ers/web/auth.go:200:SignIn() [I] failed", severity::info,
            "...ers/web/auth.go:200:SignIn()"},
           // SQL Server's ERRORLOG
           {"2026-11-30 10:00:00.17 Logon       Error: 18456, Severity: 14, State: 8.",
            severity::error, "Logon"},
           // hclog, indented as Consul before 1.6 does
           {"    2026-11-30T10:00:00.123+0100 [WARN]  agent: x", severity::warn},
           // Icinga 2: StreamLogger
           {"[2026-11-30 10:00:00 +0100] critical/config: no such file", severity::critical},
           // Celery
           {"[2026-11-30 10:00:00,123: ERROR/MainProcess] x", severity::error},
           // VMware's hostd
           {"2026-11-30T10:00:00.123Z info hostd[2098] [Originator@6876 sub=Vimsvc] x",
            severity::info},
           // Windows' CBS.log
           {"2026-11-30 10:00:00, Error                 CSI    0001 x", severity::error},
           // GitHub's runners
           {"2026-11-30T10:00:00.1234567Z ##[error]Process completed with exit code 2.",
            severity::error},
           // logfmt behind a time, as kubectl logs --timestamps shows it
           {R"(2026-11-30T10:00:00Z msg="x level=info y" level=error k=v)", severity::error},
           // rsyslog's debugging format of a priority
           {"2026-11-30T10:00:00+00:00 err rbd  [22968]x: y", severity::error},
           // qBittorrent, CUPS
           {"(W) 2026-11-30T10:00:00 - WebAPI login failure", severity::warn},
           {"E [30/Nov/2026:10:00:00 +0100] Unable to bind", severity::error},
       }) {
    expect(s);
  }
}

TEST(Plain, AWordOfTheMessageIsNoLevel) {
  for (const std::string_view message :
       {"critical section entered",
        "alert manager started",
        "error handler installed",
        "Error reading file x",
        "Warning lights are off",
        "Info line: y",
        "Fatal error was avoided",
        "debug mode is off",
        "emergency stop",
        "trace id 33",
        "notice of change",
        "sshd error: 0",
        "no error found",
        "[main] job failed: ERROR 17",
        "Note that x",
        "E x",
        "A | B",
        "status half-installed error",
        "health check: CRITICAL",
        "http: TLS handshake error from x",
        "my.tag: {\"level\":\"error\"}",
        "203.0.113.9:1194 TLS Error: TLS handshake failed",
        "error",
        "errors: 3",
        "INFO.txt was read",
        "ERROR_CODE is 5",
        "ERROR=5",
        "Done.  ERROR count: 5",
        "Logon       Login failed for user 'sa'",
        "1abcDE-0001ab-CD <= a@b.com H=x [10.0.0.1] P=esmtp error"}) {
    expect({"2026-11-30 10:00:00 " + std::string{message}, {}});
  }
}

TEST(Plain, AnIndentedTimeMayBePartOfAMessage) {
  EXPECT_TRUE(read("    2026-11-30 10:00:00 was the time").empty());
}

// The same moment in each unit of SEMANTICS.md, told by the number of digits; others are no time.
TEST(Plain, AnEpochMayStandInFront) {
  for (const std::string_view number : {"1767345247", "1767345247.000", "1767345247000",
                                        "1767345247000000", "1767345247000000000"}) {
    const batch b = read(std::string{number} + " [ERROR] x");
    ASSERT_EQ(b.size(), 1u) << number;
    EXPECT_EQ(time_of(*b.begin()), parse_rfc3339("2026-01-02T09:14:07Z")) << number;
    EXPECT_EQ(expr::level_of(*b.begin()), severity::error) << number;
  }
  for (const std::string_view number :
       {"176734524712", "17673452471234", "9007199254741", "4111111111111111",
        "4102444800000000001", "0000000000001", "1767345247123x"}) {
    EXPECT_TRUE(read(std::string{number} + " [ERROR] x").empty()) << number;
  }
}

TEST(Plain, WithoutALevelTheMessageIsWhole) {
  EXPECT_EQ(test::written(read("2026-11-30 10:00:00 [7] main: critical section entered")),
            std::vector<std::string>{R"({"time":"2026-11-30 10:00:00",)"
                                     R"("message":"[7] main: critical section entered"})"});
}

// tracing-subscriber, as it writes to a terminal
TEST(Plain, ColoursAreNoPartOfALine) {
  const std::string_view line =
      "\x1b[2m2026-11-30T10:00:00.123456Z\x1b[0m \x1b[31mERROR\x1b[0m \x1b[2mshop\x1b[0m broke";
  EXPECT_EQ(test::written(read(line)),
            std::vector<std::string>{R"({"time":"2026-11-30T10:00:00.123456Z","level":"ERROR",)"
                                     R"("message":"shop broke"})"});
}

// Serilog.Sinks.Console, WildFly, Elixir, zerolog: none tells the day.
TEST(Plain, ATimeOfTheDayIsOneWhereALevelFollows) {
  for (const sample& s : {sample{"[10:00:00 INF] Starting up", severity::info},
                          {"10:00:00,123 INFO  [org.jboss.as] (MSC thread 1-1) x", severity::info},
                          {"10:00:00.123 [error] GenServer terminating", severity::error},
                          {"8:12AM WRN slow", severity::warn}}) {
    expect(s);
    EXPECT_EQ(time_of(*read(s.line).begin()), std::nullopt) << s.line;
  }
  EXPECT_TRUE(read("10:00:00 is the time of the error").empty());
  EXPECT_TRUE(read("12:30:00").empty());
}

}  // namespace
}  // namespace weir
