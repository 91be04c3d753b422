// The formats of programs and what runs them.
#include <array>

#include "parse/named_formats.hpp"
#include "parse/plain.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 1> cri_patterns{
    R"re(^(?<time>\d{4}-\d\d-\d\dT%{CLOCK}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (?<stream>stdout|stderr) )re"
    R"re((?<tag>[PF](?::[^ ]*)?)(?: (?<message>.*))?$)re"};

constexpr std::array<std::string_view, 1> klog_patterns{
    R"re(^(?<level>[IWEF])(?<time>(?:\d{4})?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) %{CLOCK}\.\d{1,9}) +)re"
    R"re((?<thread>\d{1,18}) (?<file>[^ :]+):(?<line>\d{1,9})\] ?(?<message>.*)$)re"};

constexpr std::array<std::string_view, 10> log4j_patterns{
    // Cassandra
    R"re(^(?<level>%{LEVEL}) +\[(?<thread>.+?)\] (?<time>%{ISO_TIME}) (?<file>[^ :]+):(?<line>\d+) - (?<message>.*)$)re",
    // ZooKeeper, since 3.4 with the number of the server
    R"re(^(?<time>%{ISO_TIME}) (?:\[myid:(?<myid>\d+)?\] )?- (?<level>%{LEVEL}) +\[(?<thread>.+):(?<logger>[^:\]@]+)@(?<line>\d+)\] - )re"
    R"re((?<message>.*)$)re",
    // Spring Boot
    R"re(^(?<time>%{ISO_TIME}) +(?<level>%{LEVEL}) (?<pid>\d+) --- (?:\[(?<application>[^\]]*)\] )?\[ *(?<thread>[^\]]*)\] )re"
    R"re((?<logger>[^ ]+) *: (?<message>.*)$)re",
    // Hadoop
    R"re(^(?<time>%{ISO_TIME}) +(?<level>%{LEVEL}) +\[(?<thread>.*?)\] (?<logger>[\w.$-]+): ?(?<message>.*)$)re",
    // Logback
    R"re(^(?<time>%{ISO_TIME}) \[(?<thread>.*?)\] (?<level>%{LEVEL}) +(?<logger>[\w.$-]+) - (?<message>.*)$)re",
    // Logback without a configuration, which tells no day; pairs in front since 1.3
    R"re(^(?<time>%{CLOCK}\.\d{3}) \[(?<thread>.*?)\] (?<level>%{LEVEL}) +(?<logger>[\w.$-]+) -(?:(?<pairs>[^ ].*?)?-)? )re"
    R"re((?<message>.*)$)re",
    // Elasticsearch
    R"re(^\[(?<time>%{ISO_TIME})\]\[(?<level>%{LEVEL}) *\]\[(?<logger>[^\]]*?) *\] (?:\[(?<node>[^\]]*)\] )?)re"
    R"re((?<message>.*)$)re",
    // Spark
    R"re(^(?<time>\d\d/\d\d/\d\d %{CLOCK}) (?<level>%{LEVEL}) (?<logger>[\w.$-]+): ?(?<message>.*)$)re",
    // HDFS
    R"re(^(?<time>\d{6} \d{6}) (?<thread>\d+) (?<level>%{LEVEL}) (?<logger>[\w.$-]+): ?(?<message>.*)$)re",
    // Kafka
    R"re(^\[(?<time>%{ISO_TIME})\] (?<level>%{LEVEL}) +(?<message>.*?)(?: \((?<logger>[\w.$-]+)\))?$)re"};

constexpr std::array<std::string_view, 1> oslo_patterns{
    R"re(^(?:(?<file>[^ ]+) )?(?<time>\d{4}-\d\d-\d\d %{CLOCK}\.\d{3}) (?<pid>\d+) (?<level>[A-Z]+) )re"
    R"re((?<logger>[\w.]+) (?:\[(?<request>[^\]]*)\] )?(?<message>.*)$)re"};

constexpr std::array<std::string_view, 9> python_patterns{
    R"re(^(?<time>%{ISO_TIME}) - (?<logger>[\w.-]+) - (?<level>%{LEVEL}) - (?<message>.*)$)re",
    R"re(^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[\w.-]+):(?<message>.*)$)re",
    // Celery
    R"re(^\[(?<time>%{ISO_TIME}): (?<level>%{LEVEL})/(?<process>[^\]]+)\] (?<message>.*)$)re",
    // Gunicorn
    R"re(^\[(?<time>%{ISO_TIME})\] \[(?<pid>\d+)\] \[(?<level>%{LEVEL})\] (?<message>.*)$)re",
    // Airflow
    R"re(^\[(?<time>%{ISO_TIME}|\d{4}-\d\d-\d\d, %{CLOCK} \w+)\] \{+(?<file>[^}]+):(?<line>\d+)\}+ (?<level>%{LEVEL}) +- (?<message>.*)$)re",
    // Uvicorn, which pads the level
    R"re(^(?<level>INFO): {5}(?:(?<host>[^ ]+):(?<port>\d+))? - "(?<method>[A-Z]+) (?<path>[^ ]+) )re"
    R"re((?<protocol>HTTP/[\d.]+)" (?<status>\d{3}) ?(?<reason>.*)$)re",
    R"re(^(?<level>TRACE|DEBUG|INFO|WARNING|ERROR): {2,5}(?<message>[^ ].*)$)re",
    R"re(^(?<level>CRITICAL): (?<message>[^ ].*)$)re",
    // fail2ban
    R"re(^(?<time>%{ISO_TIME}) (?<logger>[\w.]+) +\[(?<pid>\d+)\]: (?<level>%{LEVEL}) +(?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> monolog_patterns{
    R"re(^\[(?<time>%{ISO_TIME})\] (?<channel>[\w-]+)\.(?<level>%{LEVEL}): (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> ruby_patterns{
    R"re(^[DIWEFA], \[(?<time>%{ISO_TIME}) #(?<pid>\d+)\] +(?<level>%{LEVEL}|ANY) -- (?<program>[^:]*): )re"
    R"re((?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> redis_patterns{
    R"re(^(?<pid>\d+):(?<role>[XCSM]) (?<time>\d\d [A-Z][a-z]{2} \d{4} %{CLOCK}\.\d{3}) (?<mark>[-.*#]) )re"
    R"re((?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> dotnet_patterns{
    R"re(^(?:[\[(]?(?<time>%{ANY_TIME}|%{CLOCK}(?:\.\d+)?)[\])]?:? ?)?(?<level>trce|dbug|info|warn|fail|crit): )re"
    R"re((?<logger>\S+)\[(?<event>-?\d+)\](?:\s+(?<message>.*))?$)re"};

constexpr std::array<std::string_view, 1> jul_patterns{
    R"re(^(?<time>[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d [AP]M) (?<logger>[^ \n]+)(?: (?<method>[^\n]+))?\n)re"
    R"re((?<level>[A-Z]+): (?<message>.*)$)re"};

constexpr std::array<std::string_view, 3> logcat_patterns{
    // threadtime, which is the default, and with year, zone and uid
    R"re(^(?<time>(?:\d{4}-)?\d\d-\d\d %{CLOCK}\.\d{3,9}(?: [+-]\d{4})?) +(?:(?<uid>\w+) *: *)?)re"
    R"re((?<pid>\d+) +(?<tid>\d+) (?<level>[VDIWEFS]) (?<tag>.*?) *: (?<message>.*)$)re",
    // time
    R"re(^(?<time>(?:\d{4}-)?\d\d-\d\d %{CLOCK}\.\d{3,9}(?: [+-]\d{4})?) +(?<level>[VDIWEFS])/(?<tag>.*?) *)re"
    R"re(\( *(?<pid>\d+)\): (?<message>.*)$)re",
    // brief
    R"re(^(?<level>[VDIWEFS])/(?<tag>[^(]*?) *\( *(?<pid>\d+)\): (?<message>.*)$)re"};

// The name is padded, and two blanks at least stand behind it.
constexpr std::array<std::string_view, 1> compose_patterns{
    R"re(^(?<container>[A-Za-z0-9][\w.-]*) {2,}\|(?: (?:(?<time>\d{4}-\d\d-\d\dT%{CLOCK}(?:\.\d+)?Z) )?)re"
    R"re((?<message>.*))?$)re"};

constexpr std::array formats{
    named_format{
        .name = "cri",
        .summary = "Reads the container logs of Kubernetes (CRI).",
        .description =
            "What containerd and CRI-O write: `TIME stdout|stderr F|P MESSAGE`. The fields are "
            "time, stream, tag (F for a whole line, P for a part of one) and message.",
        .patterns = cri_patterns,
        .sample = R"--(2026-01-02T09:14:07.123456789Z stderr F level=warn msg="disk is filling")--",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07.123456789Z","stream":"stderr","tag":"F","message":"level=warn msg=\"disk is filling\""})--"},
    named_format{
        .name = "klog",
        .summary = "Reads the logs of Kubernetes' components and of glog.",
        .description =
            "`Lmmdd hh:mm:ss.uuuuuu THREAD FILE:LINE] MESSAGE`, with a year in front of the month "
            "or without: then it is the one that puts the time nearest to the file's last change. "
            "The level is I, W, E or F.",
        .patterns = klog_patterns,
        .sample = R"--(W0102 09:14:07.692994   28133 reflector.go:70] watch ended)--",
        .becomes =
            R"--({"level":"W","time":"0102 09:14:07.692994","thread":28133,"file":"reflector.go","line":70,"message":"watch ended"})--"},
    named_format{
        .name = "log4j",
        .summary = "Reads the logs of Java programs: log4j, Logback, Spring Boot.",
        .description =
            "The usual layouts of Hadoop, HDFS, Spark, ZooKeeper, Kafka, Cassandra, Elasticsearch, "
            "Spring Boot and Logback, "
            "each line by itself: `multiline` in front, as `multiline start=\"^[0-9]{4}-\"`, puts "
            "a "
            "stack trace into the message. The fields are time, level, thread, pid, logger, line "
            "and message. Logback without a configuration writes only the time of the day: such "
            "lines have no @time.",
        .patterns = log4j_patterns,
        .sample = R"--(2026-01-02 09:14:07,963 WARN [main] org.acme.Shop: stock is low)--",
        .becomes =
            R"--({"time":"2026-01-02 09:14:07,963","level":"WARN","thread":"main","logger":"org.acme.Shop","message":"stock is low"})--"},
    named_format{
        .name = "oslo",
        .summary = "Reads the logs of OpenStack.",
        .description =
            "What oslo.log writes, with the file's name in front if it is there. The fields are "
            "file, time, pid, level, logger, request (what stands in brackets) and message.",
        .patterns = oslo_patterns,
        .sample =
            R"--(2026-01-02 09:14:07.008 25746 INFO nova.osapi_compute.wsgi.server [req-38101a0b 113d3a99 54fadb41 - - -] 10.11.10.1 "GET /v2" status: 200)--",
        .becomes =
            R"--({"time":"2026-01-02 09:14:07.008","pid":25746,"level":"INFO","logger":"nova.osapi_compute.wsgi.server","request":"req-38101a0b 113d3a99 54fadb41 - - -","message":"10.11.10.1 \"GET /v2\" status: 200"})--"},
    named_format{
        .name = "python",
        .summary = "Reads the logs of Python's logging module.",
        .description =
            "The format of its documentation, `TIME - LOGGER - LEVEL - MESSAGE`, and its default, "
            "`LEVEL:LOGGER:MESSAGE`, and those of Celery, Gunicorn, Uvicorn, Airflow and fail2ban. "
            "Of Uvicorn's requests the fields are level, host, port, method, path, protocol, "
            "status and reason.",
        .patterns = python_patterns,
        .sample = R"--(2026-01-02 09:14:07,115 - shop.orders - WARNING - stock is low)--",
        .becomes =
            R"--({"time":"2026-01-02 09:14:07,115","logger":"shop.orders","level":"WARNING","message":"stock is low"})--"},
    named_format{
        .name = "dotnet",
        .summary = "Reads the console logs of .NET: ASP.NET Core, worker services.",
        .description =
            "`LEVEL: LOGGER[EVENT]` and the message on lines of its own, which are indented by six "
            "blanks, or all on one line (`SingleLine`). The fields are time (with "
            "`TimestampFormat`), "
            "level (trce, dbug, info, warn, fail, crit), logger, event and message.",
        .patterns = dotnet_patterns,
        .first_line = R"re(^(?:[^ ]+ ?){0,3}\b(?:trce|dbug|info|warn|fail|crit): \S+\[-?\d+\])re",
        .further_line = "^ {6}",
        .sample = "warn: Microsoft.AspNetCore.Server.Kestrel[22]\n"
                  "      Heartbeat took longer than 1.5 seconds",
        .becomes =
            R"--({"level":"warn","logger":"Microsoft.AspNetCore.Server.Kestrel","event":22,"message":"Heartbeat took longer than 1.5 seconds"})--"},
    named_format{
        .name = "jul",
        .summary = "Reads the logs of java.util.logging.",
        .description =
            "What its SimpleFormatter writes without a format of one's own: `Jan 2, 2026 9:14:07 "
            "AM CLASS METHOD` and on the next line `LEVEL: MESSAGE`, perhaps with a stack trace "
            "behind it. The fields are time, logger (which is the class if that is known), method, "
            "level and message.",
        .patterns = jul_patterns,
        .first_line = R"re(^[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d [AP]M \S)re",
        .further_line = R"re(^(?:[A-Z]+: |\s|Caused by: |Suppressed: |[\w$.]+\.[\w$]+(?:: |$)))re",
        .sample = "Jan 02, 2026 9:14:07 AM org.acme.Shop sell\nWARNING: stock is low",
        .becomes =
            R"--({"time":"Jan 02, 2026 9:14:07 AM","logger":"org.acme.Shop","method":"sell","level":"WARNING","message":"stock is low"})--"},
    named_format{
        .name = "monolog",
        .summary = "Reads the logs of PHP's Monolog: Symfony, Laravel.",
        .description = "`[TIME] CHANNEL.LEVEL: MESSAGE`; context and extra stay in the message.",
        .patterns = monolog_patterns,
        .sample = R"--([2026-01-02T09:14:07.123456+01:00] app.WARNING: stock is low {"id":7} [])--",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07.123456+01:00","channel":"app","level":"WARNING","message":"stock is low {\"id\":7} []"})--"},
    named_format{
        .name = "ruby",
        .summary = "Reads the logs of Ruby's Logger: Rails, Sidekiq.",
        .description = "`L, [TIME #PID] LEVEL -- PROGRAM: MESSAGE`.",
        .patterns = ruby_patterns,
        .sample = R"--(W, [2026-01-02T09:14:07.123456 #4242]  WARN -- shop: stock is low)--",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07.123456","pid":4242,"level":"WARN","program":"shop","message":"stock is low"})--"},
    named_format{
        .name = "redis",
        .summary = "Reads the logs of Redis and Valkey.",
        .description = "`PID:ROLE TIME MARK MESSAGE`. The role is X, C, S or M (sentinel, child, "
                       "replica, master); the level is told by the mark: `.` is debug, `-` "
                       "verbose, `*` notice and `#` warning.",
        .patterns = redis_patterns,
        .level = {"mark", ". debug - verbose * notice # warning"},
        .sample =
            R"--(1234:M 02 Jan 2026 09:14:07.123 # WARNING Memory overcommit must be enabled!)--",
        .becomes =
            R"--({"pid":1234,"role":"M","time":"02 Jan 2026 09:14:07.123","mark":"#","level":"warning","message":"WARNING Memory overcommit must be enabled!"})--"},
    named_format{
        .name = "logcat",
        .summary = "Reads the log of Android (logcat).",
        .description =
            "The forms threadtime, which is logcat's own, time and brief, with `-v year`, `zone`, "
            "`usec` and `uid` or without. The fields are time, uid, pid, tid, level (V, D, I, W, "
            "E, F), "
            "tag and message. Without a year it is the one that puts the time nearest to the "
            "file's last change.",
        .patterns = logcat_patterns,
        .sample =
            R"--(01-02 09:14:07.811  1702  2395 W ActivityManager: Launch timeout has expired)--",
        .becomes =
            R"--({"time":"01-02 09:14:07.811","pid":1702,"tid":2395,"level":"W","tag":"ActivityManager","message":"Launch timeout has expired"})--"},
    named_format{
        .name = "compose",
        .summary = "Reads what docker compose shows of its containers.",
        .description =
            "`CONTAINER  | MESSAGE`, as `docker compose logs --no-color` and `up` write it into a "
            "file or a pipe. The fields are container, time (with --timestamps) and message, which "
            "is whatever the container wrote.",
        .patterns = compose_patterns,
        .sample = R"--(web-1  | 2026-01-02T09:14:07.123456789Z ready to serve)--",
        .becomes =
            R"--({"container":"web-1","time":"2026-01-02T09:14:07.123456789Z","message":"ready to serve"})--"},
    named_format{
        .name = "plain",
        .summary = "Reads lines that begin with a time, and finds their level.",
        .description =
            "For logs of no known format: a time in any usual form in front, in brackets or not, "
            "perhaps with the level before or behind it; PHP's error log is such a one. The "
            "fields are time, level, context (a thread, a logger and the like between the two) and "
            "message, and component and pid where bars divide them. A level is known by its place: "
            "in brackets, in capitals, or in other letters with a colon, a bar, a tab or more "
            "blanks behind it; what may be a word of the message is none. A time of the day alone "
            "is taken where a level follows it. A time with the name of a place (Europe/Berlin) is "
            "kept as it stands, and is no @time.",
        .own_parser = make_plain_parser,
        .sample = R"--([2026-01-02 09:14:07] WARN: stock is low)--",
        .becomes = R"--({"time":"2026-01-02 09:14:07","level":"WARN","message":"stock is low"})--"},
};

}  // namespace

std::span<const named_format> program_formats() {
  return formats;
}

}  // namespace weir
