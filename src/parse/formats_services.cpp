// The formats of services: databases, proxies and application servers, and what guards networks.
#include <array>

#include "parse/named_formats.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 1> mongodb_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) (?<level>[FEWID]|D[1-5]) +(?<component>[A-Z_]+|-) +\[(?<context>[^\]]+)\] )re"
    R"re((?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> gluster_patterns{
    R"re(^\[(?<time>%{NUMERIC_TIME})\] (?<level>[CEWNIDT]) (?:\[MSGID: (?<msgid>\d+)\] )?)re"
    R"re(\[(?<file>[^:\]]+):(?<line>\d+):(?<function>[^\]]+)\] (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> cockroach_patterns{
    R"re(^(?<level>[IWEF])(?<time>\d{6} %{CLOCK}\.\d{6}) (?<goroutine>\d+) (?:\d+@)?(?<file>[^ :]+):(?<line>\d+) )re"
    R"re((?:⋮ )?(?:\[(?<tags>[^\]]*)\] )?(?:(?<counter>\d+) )? ?(?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> samba_patterns{
    R"re(^\[(?<time>\d{4}/\d\d/\d\d %{CLOCK}(?:\.\d+)?), +(?<debug_level>\d+)(?:, pid=(?<pid>\d+)[^\]]*)?\] )re"
    R"re((?<file>[^ :]+):(?<line>\d+)\((?<function>\w+)\)(?:\s+(?<message>.*))?$)re"};

constexpr std::array<std::string_view, 2> haproxy_patterns{
    R"re(^(?<client>[^ ]+):(?<port>\d+) \[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}:%{CLOCK}\.\d{3})\] )re"
    R"re((?<frontend>[^ ]+) (?<backend>[^ /]+)/(?<server>[^ ]+) (?<timers>[-+/\d]+) (?<status>-?\d{1,3}) )re"
    R"re(\+?(?<bytes>\d+) (?<request_cookie>[^ ]+) (?<response_cookie>[^ ]+) (?<termination>[^ ]{4}) )re"
    R"re((?<connections>[+/\d]+) (?<queues>[/\d]+) (?:\{(?<request_headers>[^}]*)\} )?)re"
    R"re((?:\{(?<response_headers>[^}]*)\} )?"(?<request>.*)"$)re",
    // On its console
    R"re(^\[(?<level>DIAG|NOTICE|WARNING|ALERT)\] +(?:(?<when>\d+/\d+) +)?\((?<pid>\d+)\) : (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> weblogic_patterns{
    R"re(^####<(?<time>[^>]+)> <(?<level>[^>]+)> <(?<subsystem>[^>]*)> <(?<machine>[^>]*)> <(?<server>[^>]*)> )re"
    R"re(<(?<thread>.*?)> <(?<user><?[^>]*>?)> <(?<transaction>[^>]*)> <(?<context>[^>]*)> <(?<epoch>\d+)> )re"
    R"re((?:<(?<pairs>\[.*?\] ?)> )?<(?<id>[^>]*)> <(?<message>.*)> *$)re"};

constexpr std::array<std::string_view, 1> websphere_patterns{
    R"re(^\[(?<local_time>\d{1,2}/\d{1,2}/\d\d \d{1,2}:\d\d:\d\d:\d{3} [A-Z]+)\] (?<thread>[0-9a-f]{8}) )re"
    R"re((?<logger>[^ ]+) +(?<event>[FEWAICDORZ123<>]) +(?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> suricata_fast_patterns{
    R"re(^(?<time>\d\d/\d\d/\d{4}-%{CLOCK}\.\d{6}) +(?:\[(?<action>Drop|wDrop)\] )?\[\*\*\] )re"
    R"re(\[(?<generator>\d+):(?<signature>\d+):(?<revision>\d+)\] (?<message>.*?) \[\*\*\] )re"
    R"re((?:\[Classification: (?<class>[^\]]*)\] )?\[Priority: (?<alert_priority>\d+)\] \{(?<protocol>[^}]+)\} )re"
    R"re((?<source>[^ ]+) -> (?<destination>[^ ]+)$)re"};

constexpr std::array<std::string_view, 1> zabbix_patterns{
    R"re(^ *(?<pid>\d+):(?<time>\d{8}:\d{6}\.\d{3}) (?<message>.*)$)re"};

constexpr std::array<std::string_view, 2> mikrotik_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) (?:(?<host>[\w.:-]+) )?(?<topics>(?:[a-z0-9-]+,)+(?<level>critical|error|warning|info|debug)(?:,[a-z0-9-]+)*) )re"
    R"re((?<message>.*)$)re",
    R"re(^(?<time>%{NUMERIC_TIME}) (?:(?<host>[\w.:-]+) )?(?<topics>(?<level>critical|error|warning|info|debug)(?:,[a-z0-9-]+)+) (?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> vmkernel_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) (?<cpu>cpu\d+):(?<world>\d+)(?: opID=(?<operation>\w+))?\))re"
    R"re((?:(?<level>WARNING|ALERT): )?(?<message>.*)$)re"};

constexpr std::array<std::string_view, 1> emby_patterns{
    R"re(^(?<time>%{NUMERIC_TIME}) (?<level>Debug|Info|Warn|Error|Fatal) (?<logger>[A-Z]\w*): (?<message>.*)$)re"};

constexpr std::array
    formats{
        named_format{
            .name = "mongodb",
            .summary = "Reads the logs of MongoDB before 4.4, which then became JSON.",
            .description =
                "`TIME LEVEL COMPONENT [CONTEXT] MESSAGE`; the level is F, E, W, I, D or D1 "
                "to D5.",
            .patterns = mongodb_patterns,
            .sample =
                R"--(2026-01-02T09:14:07.123+0100 W STORAGE  [initandlisten] the disk is filling)--",
            .becomes =
                R"--({"time":"2026-01-02T09:14:07.123+0100","level":"W","component":"STORAGE","context":"initandlisten","message":"the disk is filling"})--"},
        named_format{
            .name = "gluster",
            .summary = "Reads the logs of GlusterFS.",
            .description =
                "The fields are time, level (C, E, W, N, I, D, T), msgid, file, line, function and "
                "message.",
            .patterns = gluster_patterns,
            .sample =
                R"--([2026-01-02 09:14:07.123456 +0000] E [MSGID: 101] [x.c:12:f] 0-vol: no brick)--",
            .becomes =
                R"--({"time":"2026-01-02 09:14:07.123456 +0000","level":"E","msgid":101,"file":"x.c","line":12,"function":"f","message":"0-vol: no brick"})--"},
        named_format{
            .name = "cockroach",
            .summary = "Reads the logs of CockroachDB (crdb-v1, crdb-v2).",
            .description = "The level is I, W, E or F; the other fields are time, goroutine, file, "
                           "line, tags, counter and message. Redaction marks stay in the message.",
            .patterns = cockroach_patterns,
            .sample = R"--(W260102 09:14:07.123456 22 kv/x.go:12 ⋮ [n1,s1] 13  slow)--",
            .becomes =
                R"--({"level":"W","time":"260102 09:14:07.123456","goroutine":22,"file":"kv/x.go","line":12,"tags":"n1,s1","counter":13,"message":"slow"})--"},
        named_format{
            .name = "samba",
            .summary = "Reads the logs of Samba.",
            .description = "A header of each message, and the message on lines of its own. The "
                           "fields are time, "
                           "debug_level, level (as Samba tells syslog: error for 0, warning for 1, "
                           "notice up to 5, "
                           "info up to 9, then debug), pid, file, line, function and message.",
            .patterns = samba_patterns,
            .level = {"debug_level",
                      "0 error 1 warning 2 notice 3 notice 4 notice 5 notice 6 info 7 info 8 info "
                      "9 info "
                      "10 debug"},
            .first_line = R"re(^\[\d{4}/\d\d/\d\d %{CLOCK}(?:\.\d+)?, +\d+)re",
            .further_line = "^ ",
            .sample = "[2026/01/02 09:14:07.123456,  1] ../x/server.c:12(main)\n  no such share",
            .becomes =
                R"--({"time":"2026/01/02 09:14:07.123456","debug_level":1,"level":"warning","file":"../x/server.c","line":12,"function":"main","message":"no such share"})--"},
        named_format{
            .name = "haproxy",
            .summary = "Reads HAProxy's lines without syslog's header.",
            .description =
                "Its `httplog`, with captured headers or without, and what it says on its console. "
                "The "
                "fields are client, port, time, frontend, backend, server, timers, status, bytes, "
                "request_cookie, response_cookie, termination, connections, queues, "
                "request_headers, "
                "response_headers and request; of the console level, when, pid and message.",
            .patterns = haproxy_patterns,
            .names = {.status = "status"},
            .sample =
                R"--(192.0.2.7:3312 [02/Jan/2026:09:14:07.123] fe~ be/web1 0/0/1/12/13 503 512 - - SC-- 1/1/0/0/0 0/0 "GET /x HTTP/1.1")--",
            .becomes =
                R"--({"client":"192.0.2.7","port":3312,"time":"02/Jan/2026:09:14:07.123","frontend":"fe~","backend":"be","server":"web1","timers":"0/0/1/12/13","status":503,"bytes":512,"request_cookie":"-","response_cookie":"-","termination":"SC--","connections":"1/1/0/0/0","queues":"0/0","request":"GET /x HTTP/1.1"})--"},
        named_format{
            .name = "envoy",
            .summary = "Reads the access logs of Envoy.",
            .description = "Its default format. The request becomes method, path and protocol.",
            .fields =
                R"--([$time] "$request" $status $flags $bytes_received $bytes_sent $duration $upstream_time "$forwarded_for" "$agent" "$request_id" "$authority" "$upstream")--",
            .names = {.numbers = "bytes_received bytes_sent duration upstream_time",
                      .times = "time",
                      .status = "status",
                      .words = true},
            .sample =
                R"--([2026-01-02T09:14:07.123Z] "GET /shop HTTP/1.1" 503 UF 0 91 3 - "-" "curl/8.5.0" "5f1c" "shop.example.com" "10.0.0.1:80")--",
            .becomes =
                R"--({"time":"2026-01-02T09:14:07.123Z","method":"GET","path":"/shop","protocol":"HTTP/1.1","status":503,"flags":"UF","bytes_received":0,"bytes_sent":91,"duration":3,"agent":"curl/8.5.0","request_id":"5f1c","authority":"shop.example.com","upstream":"10.0.0.1:80"})--"},
        named_format{
            .name = "istio",
            .summary = "Reads the access logs of Istio's proxies.",
            .description = "Its default format. The request becomes method, path and protocol.",
            .fields =
                R"--([$time] "$request" $status $flags $details $termination "$failure" $bytes_received $bytes_sent $duration $upstream_time "$forwarded_for" "$agent" "$request_id" "$authority" "$upstream" $cluster $upstream_local $downstream_local $downstream_remote $server_name $route)--",
            .names = {.numbers = "bytes_received bytes_sent duration upstream_time",
                      .times = "time",
                      .status = "status",
                      .words = true},
            .sample =
                R"--([2026-01-02T09:14:07.123Z] "POST /x HTTP/2" 503 UF upstream_reset{connection_failure} - "-" 0 91 3 - "-" "curl" "5f1c" "web" "10.1.1.1:80" outbound|80||web.default.svc - 10.1.1.3:80 10.0.0.1:4242 - default)--",
            .becomes =
                R"--({"time":"2026-01-02T09:14:07.123Z","method":"POST","path":"/x","protocol":"HTTP/2","status":503,"flags":"UF","details":"upstream_reset{connection_failure}","bytes_received":0,"bytes_sent":91,"duration":3,"agent":"curl","request_id":"5f1c","authority":"web","upstream":"10.1.1.1:80","cluster":"outbound|80||web.default.svc","downstream_local":"10.1.1.3:80","downstream_remote":"10.0.0.1:4242","route":"default"})--"},
        named_format{.name = "weblogic",
                     .summary = "Reads the server and domain logs of Oracle WebLogic.",
                     .description = "The fields are time, level, subsystem, machine, server, "
                                    "thread, user, transaction, "
                                    "context (of diagnosis), epoch (milliseconds since 1970), "
                                    "pairs (since 12.2), id and "
                                    "message.",
                     .patterns = weblogic_patterns,
                     .sample =
                         R"--(####<Jan 2, 2026 9:14:07,123 AM CET> <Error> <HTTP> <host1> <srv1> <[ACTIVE] ExecuteThread: '0'> <<WLS Kernel>> <> <> <1767341647123> <BEA-101017> <boom>)--",
                     .becomes =
                         R"--({"time":"Jan 2, 2026 9:14:07,123 AM CET","level":"Error","subsystem":"HTTP","machine":"host1","server":"srv1","thread":"[ACTIVE] ExecuteThread: '0'","user":"<WLS Kernel>","transaction":"","context":"","epoch":1767341647123,"id":"BEA-101017","message":"boom"})--"},
        named_format{
            .name = "websphere",
            .summary = "Reads SystemOut.log and SystemErr.log of IBM WebSphere.",
            .description =
                "The fields are local_time, thread, logger, event, level and message. Whether the "
                "day "
                "or the month comes first in the time hangs on the machine's locale, so it is no "
                "@time. The level is told by the event: F is fatal, E error, W warning, A notice "
                "(audit), I and C info, D debug, the others trace.",
            .patterns = websphere_patterns,
            .level =
                {"event",
                 "F fatal E error W warning A notice I info C info D debug O info R info Z info "
                 "1 trace 2 trace 3 trace < trace > trace"},
            .sample = R"--([1/2/26 9:14:07:123 CET] 0000001a Servlet       E   SRVE0068E: boom)--",
            .becomes =
                R"--({"local_time":"1/2/26 9:14:07:123 CET","thread":"0000001a","logger":"Servlet","event":"E","level":"error","message":"SRVE0068E: boom"})--"},
        named_format{
            .name = "suricata_fast",
            .summary = "Reads Suricata's fast.log.",
            .description =
                "The fields are time, action, generator, signature, revision, message, class, "
                "alert_priority, level (error for priority 1, warn for 2, info for 3 and 4), "
                "protocol, "
                "source "
                "and destination.",
            .patterns = suricata_fast_patterns,
            .level = {"alert_priority", "1 error 2 warn 3 info 4 info"},
            .sample =
                R"--(01/02/2026-09:14:07.123456  [**] [1:2001219:20] ET SCAN x [**] [Classification: Attempted] [Priority: 2] {TCP} 192.0.2.7:4242 -> 10.0.0.1:22)--",
            .becomes =
                R"--({"time":"01/02/2026-09:14:07.123456","generator":1,"signature":2001219,"revision":20,"message":"ET SCAN x","class":"Attempted","alert_priority":2,"level":"warn","protocol":"TCP","source":"192.0.2.7:4242","destination":"10.0.0.1:22"})--"},
        named_format{
            .name = "zabbix",
            .summary = "Reads the logs of Zabbix: server, proxy, agent.",
            .description = "`PID:YYYYMMDD:HHMMSS.mmm MESSAGE`, which tells no level.",
            .patterns = zabbix_patterns,
            .sample = R"--(  4711:20260102:091407.123 cannot send list of active checks)--",
            .becomes =
                R"--({"pid":4711,"time":"20260102:091407.123","message":"cannot send list of active checks"})--"},
        named_format{
            .name = "mikrotik",
            .summary = "Reads the logs of MikroTik's RouterOS 7.",
            .description = "`TIME TOPIC,TOPIC MESSAGE`, as it comes through rsyslog with the host "
                           "behind the time. One of the topics is the level.",
            .patterns = mikrotik_patterns,
            .sample =
                R"--(2026-01-02 09:14:07 system,error,critical login failure for user admin)--",
            .becomes =
                R"--({"time":"2026-01-02 09:14:07","topics":"system,error,critical","level":"critical","message":"login failure for user admin"})--"},
        named_format{
            .name = "vmkernel",
            .summary = "Reads the log of VMware ESXi's kernel.",
            .description =
                "The fields are time, cpu, world, operation, level (WARNING, ALERT or none) and "
                "message.",
            .patterns = vmkernel_patterns,
            .sample = R"--(2026-01-02T09:14:07.123Z cpu0:2097)WARNING: NMP: nmp_x: no path)--",
            .becomes =
                R"--({"time":"2026-01-02T09:14:07.123Z","cpu":"cpu0","world":2097,"level":"WARNING","message":"NMP: nmp_x: no path"})--"},
        named_format{
            .name = "emby",
            .summary = "Reads the logs of Emby.",
            .description = "`TIME LEVEL LOGGER: MESSAGE`.",
            .patterns = emby_patterns,
            .sample = R"--(2026-01-02 09:14:07.092 Warn Server: AUTH-ERROR: 192.0.2.7)--",
            .becomes =
                R"--({"time":"2026-01-02 09:14:07.092","level":"Warn","logger":"Server","message":"AUTH-ERROR: 192.0.2.7"})--"},
    };

}  // namespace

std::span<const named_format> service_formats() {
  return formats;
}

}  // namespace weir
