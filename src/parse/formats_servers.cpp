// The formats of web servers and databases.
#include <array>

#include "parse/named_formats.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 1> nginx_error_patterns{
    R"re(^(?<time>\d{4}/\d\d/\d\d %{CLOCK}) \[(?<level>[a-z]+)\] (?<pid>\d+)#(?<tid>\d+): )re"
    R"re((?:\*(?<connection>\d+) )?(?<message>.*?)(?:, excess: (?<excess>\d+\.\d+), by zone "(?<zone>[^"]*)")?)re"
    R"re((?:, client: (?<client>[^,]+))?(?:, server: (?<server>[^,]*))?)re"
    R"re((?:, request: "(?<request>(?:[^"\\]|\\.)*)")?(?:, subrequest: "(?<subrequest>[^"]*)")?)re"
    R"re((?:, upstream: "(?<upstream>[^"]*)")?(?:, host: "(?<host>[^"]*)")?(?:, referrer: "(?<referer>[^"]*)")?$)re"};

constexpr std::array<std::string_view, 1> apache_error_patterns{
    R"re(^\[(?<time>%{CTIME}|%{ISO_TIME}|\d\d/[A-Z][a-z]{2}/\d{4}:[^\]]+)\] )re"
    R"re(\[(?:(?<module>[\w.-]*):)?(?<level>[a-z]+\d?)\] (?:\[pid (?<pid>\d+)(?::tid (?<tid>\d+))?\] )?)re"
    R"re((?:\((?<errno>\d+)\)(?<error>[^:]*): )?(?:\[client (?<client>[^\]]+?)(?::(?<port>\d+))?\] )?)re"
    R"re((?:(?<code>AH\d{5}): )?(?<message>.*?)(?:, referer: (?<referer>\S+))?$)re"};

constexpr std::array<std::string_view, 2> mysql_log_patterns{
    R"re(^(?<time>\d{4}-\d\d-\d\d[T ] ?\d{1,2}:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?|)re"
    R"re(\d{6} {1,2}\d{1,2}:\d\d:\d\d) (?:(?<thread>\d+) )?\[(?<level>System|Note|Warning|ERROR|Error)\] )re"
    R"re((?:\[(?<code>MY-\d+)\] )?(?:\[(?<subsystem>\w+)\] )?(?<message>.*)$)re",
    // The general log; older servers write the time in front of the first line of a second.
    R"re(^(?:(?<time>\d{4}-\d\d-\d\dT%{CLOCK}\.\d+(?:Z|[+-]\d\d:\d\d)|\d{6} {1,2}\d{1,2}:\d\d:\d\d)[\t ]|\t\t))re"
    R"re( *(?<thread>\d+) (?<command>Binlog Dump(?: GTID)?|Change user|Close stmt|Connect(?: Out)?|Create DB|)re"
    R"re(Daemon|Debug|Delayed insert|Drop DB|Error|Execute|Fetch|Field List|Init DB|Kill|Long Data|Ping|Prepare|)re"
    R"re(Processlist|Query|Quit|Refresh|Register (?:Slave|Replica)|Reset (?:stmt|Connection)|Set option|Shutdown|)re"
    R"re(Sleep|Statistics|Table Dump|Time)\s+(?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> squid_patterns{
    R"re(^(?<time>\d{10}\.\d{3}) +(?<elapsed>\d+) (?<client>\S+) (?<result>[A-Z_]+)/(?<status>\d{3}) )re"
    R"re((?<bytes>\d+) (?<method>\S+) (?<url>\S+) (?<user>\S+) (?<hierarchy>[A-Z_]+)/(?<peer>\S+) )re"
    R"re((?<type>\S+)$)re"};

constexpr std::array formats{
    named_format{
        .name = "nginx_error",
        .summary = "Reads the error logs of nginx.",
        .description =
            "The fields are time, level, pid, tid, connection, message, and of what follows it "
            "excess, zone, client, server, request, subrequest, upstream, host and referer.",
        .patterns = nginx_error_patterns,
        .sample =
            R"--(2026/01/02 09:14:07 [error] 31#32: *6 open() "/srv/x" failed (2: No such file or directory), client: 192.0.2.7, server: localhost, request: "GET /x HTTP/1.1", host: "localhost:8081")--",
        .becomes =
            R"--({"time":"2026/01/02 09:14:07","level":"error","pid":31,"tid":32,"connection":6,"message":"open() \"/srv/x\" failed (2: No such file or directory)","client":"192.0.2.7","server":"localhost","request":"GET /x HTTP/1.1","host":"localhost:8081"})--"},
    named_format{
        .name = "apache_error",
        .summary = "Reads the error logs of Apache httpd, 2.2 and 2.4.",
        .description =
            "The fields are time, module, level, pid, tid, errno and error (of the system), "
            "client, port, code (AHnnnnn), message and referer. The time is Apache's own, as "
            "ctime writes it, or one that an ErrorLogFormat made in the manner of RFC 3339 or of "
            "access logs.",
        .patterns = apache_error_patterns,
        .sample =
            R"--([Fri Jan 02 09:14:07.123456 2026] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.7:51234] AH00128: File does not exist: /srv/x)--",
        .becomes =
            R"--({"time":"Fri Jan 02 09:14:07.123456 2026","module":"core","level":"error","pid":35708,"tid":4328636416,"client":"192.0.2.7","port":51234,"code":"AH00128","message":"File does not exist: /srv/x"})--"},
    named_format{
        .name = "squid",
        .summary = "Reads the access logs of Squid.",
        .description =
            "Its own format, `logformat squid`. The fields are time (seconds since 1970), elapsed "
            "(milliseconds), client, result, status, bytes, method, url, user, hierarchy, peer and "
            "type; user, peer and type are `-` where there is none.",
        .patterns = squid_patterns,
        .names = {.status = "status"},
        .sample =
            R"--(1767345247.123    120 192.0.2.7 TCP_MISS/200 4512 GET http://www.example.com/ - HIER_DIRECT/198.51.100.4 text/html)--",
        .becomes =
            R"--({"time":1767345247.123,"elapsed":120,"client":"192.0.2.7","result":"TCP_MISS","status":200,"bytes":4512,"method":"GET","url":"http://www.example.com/","user":"-","hierarchy":"HIER_DIRECT","peer":"198.51.100.4","type":"text/html"})--"},
    named_format{
        .name = "traefik",
        .summary = "Reads the access logs of Traefik.",
        .description =
            "Its own format `common`. The fields are those of `clf`, and requests (so many since "
            "Traefik was started), router, server and duration (milliseconds).",
        .fields =
            R"--($host - $user [$time] "$request" $status $bytes "$referer" "$agent" $requests "$router" "$server" ${duration}ms)--",
        .names = {.numbers = "bytes requests duration",
                  .times = "time",
                  .status = "status",
                  .words = true},
        .sample =
            R"--(192.0.2.7 - - [02/Jan/2026:09:14:07 +0000] "GET /shop HTTP/1.1" 502 11 "-" "curl/8.5.0" 42 "shop@docker" "http://172.18.0.3:80" 3ms)--",
        .becomes =
            R"--({"host":"192.0.2.7","time":"02/Jan/2026:09:14:07 +0000","method":"GET","path":"/shop","protocol":"HTTP/1.1","status":502,"bytes":11,"agent":"curl/8.5.0","requests":42,"router":"shop@docker","server":"http://172.18.0.3:80","duration":3})--"},
    named_format{
        .name = "mysql_log",
        .summary = "Reads the error and general logs of MySQL and MariaDB.",
        .description =
            "Lines of MySQL 5.5 to 8 and of MariaDB. The fields are time, thread, level, code, "
            "subsystem and message; in the general log, command.",
        .patterns = mysql_log_patterns,
        .sample =
            R"--(2026-01-02T09:14:07.835618Z 0 [Warning] [MY-012487] [InnoDB] Page cleaner took 4s)--",
        .becomes =
            R"--({"time":"2026-01-02T09:14:07.835618Z","thread":0,"level":"Warning","code":"MY-012487","subsystem":"InnoDB","message":"Page cleaner took 4s"})--"},
};

}  // namespace

std::span<const named_format> server_formats() {
  return formats;
}

}  // namespace weir
