// The formats of frameworks and runtimes, as they write to a console.
#include <array>

#include "parse/named_formats.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 1> gin_patterns{
    R"re(^\[GIN\] (?<time>\d{4}/\d\d/\d\d - %{CLOCK}) \| *(?<status>\d{3}) *\| *(?<latency>[^ |]+) *\| *)re"
    R"re((?<client>[^ |]+) *\| *(?<method>[A-Z]+) +"(?<path>[^"]*)"(?:\s+(?<message>.*))?$)re"};

constexpr std::array<std::string_view, 1> nest_patterns{
    R"re(^\[Nest\] (?<pid>\d+) +- (?<time>\d\d/\d\d/\d{4}, \d{1,2}:\d\d:\d\d [AP]M) +)re"
    R"re((?<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) (?:\[(?<context>[^\]]*)\] )?(?<message>.*)$)re"};

constexpr std::array<std::string_view, 4> lambda_patterns{
    R"re(^(?<time>%{NUMERIC_TIME})\t(?<request_id>[\w-]+)\t(?<level>%{LEVEL})\t(?<message>.*)$)re",
    R"re(^\[(?<level>%{LEVEL})\]\t(?<time>%{NUMERIC_TIME})\t(?<request_id>[\w-]+)\t(?<message>.*)$)re",
    R"re(^(?<event>START|END) RequestId: (?<request_id>[\w-]+)(?: Version: (?<version>[^ ]+))?\s*$)re",
    R"re(^(?<event>REPORT) RequestId: (?<request_id>[\w-]+)\s+Duration: (?<duration_ms>\d+(?:\.\d+)?) ms)re"
    R"re((?:\s+Billed Duration: (?<billed_ms>\d+) ms)?(?:\s+Memory Size: (?<memory_mb>\d+) MB)?)re"
    R"re((?:\s+Max Memory Used: (?<max_memory_mb>\d+) MB)?(?:\s+(?<message>\S.*?))?\s*$)re"};

constexpr std::array<std::string_view, 1> env_logger_patterns{
    R"re(^\[(?<time>%{NUMERIC_TIME}) (?<level>TRACE|DEBUG|INFO|WARN|ERROR) +(?<logger>[\w:.-]+)\] (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> logrus_patterns{
    R"re(^(?<level>TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[(?:(?<seconds>\d{4,})|(?<time>%{NUMERIC_TIME}))\] )re"
    R"re((?<message>.*?)(?: {2,}(?<pairs>[\w.]+=.*))? *$)re"};

constexpr std::array<std::string_view, 1> otp_patterns{
    R"re(^=(?<kind>[A-Z]+) REPORT==== (?<time>\d{1,2}-[A-Z][a-z]{2}-\d{4}::%{CLOCK}(?:\.\d+)?)(?: UTC)? ===(?:\s+(?<message>.*))?$)re"};

constexpr std::array<std::string_view, 1> macos_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) (?<thread>0x[0-9a-f]+) +(?<level>Default|Info|Debug|Error|Fault) +)re"
    R"re((?<activity>0x[0-9a-f]+) +(?<pid>\d+) +(?<ttl>\d+) +(?<process>[^:]+): (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> puppet_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) Puppet \((?<level>debug|info|notice|warning|err|alert|emerg|crit)\): )re"
    R"re((?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> kubectl_patterns{
    R"re(^\[pod/(?<pod>[^/\]]+)/(?<container>[^/\]]+)\] (?:(?<time>\d{4}-\d\d-\d\dT%{CLOCK}(?:\.\d+)?Z) )?)re"
    R"re((?<message>.*)$)re"};

constexpr std::array formats{
    named_format{
        .name = "django",
        .summary = "Reads the requests that Django's development server shows.",
        .description = "The request becomes method, path and protocol.",
        .fields = R"--([$time] "$request" $status $bytes)--",
        .names = {.numbers = "bytes", .times = "time", .status = "status"},
        .sample = R"--([02/Jan/2026 09:14:07] "GET /shop/ HTTP/1.1" 404 179)--",
        .becomes =
            R"--({"time":"02/Jan/2026 09:14:07","method":"GET","path":"/shop/","protocol":"HTTP/1.1","status":404,"bytes":179})--"},
    named_format{
        .name = "gin",
        .summary = "Reads the requests that Go's Gin shows.",
        .description =
            "The fields are time, status, latency, client, method, path and message (its errors).",
        .patterns = gin_patterns,
        .names = {.status = "status"},
        .sample =
            R"--([GIN] 2026/01/02 - 09:14:07 | 500 |     1.234ms |        10.0.0.1 | POST     "/shop")--",
        .becomes =
            R"--({"time":"2026/01/02 - 09:14:07","status":500,"latency":"1.234ms","client":"10.0.0.1","method":"POST","path":"/shop"})--"},
    named_format{
        .name = "nest",
        .summary = "Reads the console of NestJS.",
        .description =
            "The fields are pid, time, level (LOG is info), context and message. The time is read "
            "as it stands there in American English; in other languages the line is another one.",
        .patterns = nest_patterns,
        .sample = R"--([Nest] 4711  - 01/02/2026, 9:14:07 AM    WARN [Shop] stock is low)--",
        .becomes =
            R"--({"pid":4711,"time":"01/02/2026, 9:14:07 AM","level":"WARN","context":"Shop","message":"stock is low"})--"},
    named_format{
        .name = "lambda",
        .summary = "Reads what AWS Lambda and the functions in it write.",
        .description =
            "Lines of Node.js and Python have time, request_id, level and message; those of Lambda "
            "itself event (START, END, REPORT), request_id, version, and of a report duration_ms, "
            "billed_ms, memory_mb, max_memory_mb and message (what follows them).",
        .patterns = lambda_patterns,
        .sample = "2026-01-02T09:14:07.123Z\t8f507cfc-8697-4d3c\tWARN\tstock is low",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07.123Z","request_id":"8f507cfc-8697-4d3c","level":"WARN","message":"stock is low"})--"},
    named_format{
        .name = "env_logger",
        .summary = "Reads the console of Rust's env_logger.",
        .description = "`[TIME LEVEL LOGGER] MESSAGE`.",
        .patterns = env_logger_patterns,
        .sample = R"--([2026-01-02T09:14:07Z WARN  shop::stock] stock is low)--",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07Z","level":"WARN","logger":"shop::stock","message":"stock is low"})--"},
    named_format{
        .name = "logrus",
        .summary = "Reads the console of Go's logrus.",
        .description =
            "What it shows on a terminal: level (four letters), seconds since the program's start "
            "or time, message and pairs.",
        .patterns = logrus_patterns,
        .sample = R"--(WARN[0003] stock is low                                  item=7)--",
        .becomes =
            R"--({"level":"WARN","seconds":"0003","message":"stock is low","pairs":"item=7"})--"},
    named_format{
        .name = "otp",
        .summary = "Reads the reports of Erlang's OTP.",
        .description =
            "`=KIND REPORT==== TIME ===` and the message on lines of its own. The fields are kind, "
            "level (error for CRASH and SUPERVISOR, info for PROGRESS), time and message.",
        .patterns = otp_patterns,
        .level = {"kind",
                  "ERROR error WARNING warning INFO info NOTICE notice DEBUG debug CRITICAL "
                  "critical ALERT alert EMERGENCY emergency CRASH error SUPERVISOR error "
                  "PROGRESS info"},
        .first_line = R"re(^=[A-Z]+ REPORT==== )re",
        .further_line = R"re(^[^=\s]|^\s+\S)re",
        .sample =
            "=ERROR REPORT==== 2-Jan-2026::09:14:07.123456 ===\n** Generic server x terminating",
        .becomes =
            R"--({"kind":"ERROR","level":"error","time":"2-Jan-2026::09:14:07.123456","message":"** Generic server x terminating"})--"},
    named_format{
        .name = "macos_log",
        .summary = "Reads what macOS's `log show` shows.",
        .description = "The fields are time, thread, level, activity, pid, ttl, process and "
                       "message.",
        .patterns = macos_patterns,
        .sample =
            R"--(2026-01-02 09:14:07.123456+0100 0x1234     Error       0x0                  123    0    shop: (stock) is low)--",
        .becomes =
            R"--({"time":"2026-01-02 09:14:07.123456+0100","thread":"0x1234","level":"Error","activity":"0x0","pid":123,"ttl":0,"process":"shop","message":"(stock) is low"})--"},
    named_format{
        .name = "puppet",
        .summary = "Reads the log of Puppet's agent.",
        .description = "`TIME Puppet (LEVEL): MESSAGE`.",
        .patterns = puppet_patterns,
        .sample = R"--(2026-01-02 09:14:07 +0100 Puppet (err): no catalog)--",
        .becomes =
            R"--({"time":"2026-01-02 09:14:07 +0100","level":"err","message":"no catalog"})--"},
    named_format{
        .name = "kubectl",
        .summary = "Reads what `kubectl logs --prefix` shows of containers.",
        .description =
            "`[pod/POD/CONTAINER] MESSAGE`, with --timestamps a time in front of the message, "
            "which is whatever the container wrote.",
        .patterns = kubectl_patterns,
        .sample = R"--([pod/web-1/app] 2026-01-02T09:14:07.123456789Z ready to serve)--",
        .becomes =
            R"--({"pod":"web-1","container":"app","time":"2026-01-02T09:14:07.123456789Z","message":"ready to serve"})--"},
};

}  // namespace

std::span<const named_format> console_formats() {
  return formats;
}

}  // namespace weir
