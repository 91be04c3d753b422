#include <array>

#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

constexpr std::array<std::string_view, 8> severities{"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};
constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

const std::map<std::string, std::string> long_names{
    {"timestamp", "time"}, {"hostname", "host"}, {"appname", "app"},   {"ident", "app"},
    {"pid", "procid"},     {"program", "app"},   {"logsource", "host"}};

bool has_line_break(const std::string& text) {
  return text.find_first_of("\n\r") != text.npos;
}

json first_of(const std::vector<json>& records) {
  return records.empty() ? json(nullptr) : records[0];
}

/// go-syslog's names and numbers as weir's.
json from_go(json expected) {
  const unsigned priority = expected.value("priority", 0u);
  expected["facility"] = facilities[priority / 8];
  expected["severity"] = severities[priority % 8];
  expected.erase("priority");
  if (expected.contains("message")) {
    std::string message = expected["message"].get<std::string>();
    if (message.starts_with("\xef\xbb\xbf")) message.erase(0, 3);
    expected["message"] = message;
    if (message.empty()) expected.erase("message");
  }
  return renamed(expected, long_names);
}

tally go_syslog() {
  tally t(
      "vectors/go-syslog.jsonl",
      {{"\\\\\\\\", "an escaped backslash in structured data is one backslash"},
       {"escape=\\\"\\\\]", "an escaped bracket in structured data is the bracket"},
       {"\\\\n\\\"] 127", "a backslash in front of another character is one, as the RFC has it"}});
  for_each_case("vectors/go-syslog.jsonl", [&](const json& c) {
    const std::string input = text_of(c["input"]);
    if (has_line_break(input)) return t.leave_out("a line break ends the line");
    const json expected = c["valid"].get<bool>() ? from_go(c["expected"]) : json(nullptr);
    t.judge(c["input"].dump(), expected, first_of(run("syslog", input)));
  });
  return t;
}

tally octet_counting() {
  tally t("vectors/go-syslog-framing.jsonl: one frame",
          {{"16 <1>1 - - - - - -", "it was told of a longest message that is shorter"}});
  for_each_case("vectors/go-syslog-framing.jsonl", [&](const json& c) {
    const std::string input = text_of(c["input"]);
    if (c["results"].size() != 1 || input.empty()) return;
    const json& result = c["results"][0];
    const json expected = result.contains("message") ? from_go(result["message"]) : json(nullptr);
    t.judge(input, expected, first_of(run("syslog", input)));
  });
  return t;
}

/// How many messages of each stream are good.
tally octet_streams() {
  tally t("vectors/go-syslog-framing.jsonl: octet_counting, good messages of a stream",
          {{"16 <1>1 - - - - - -", "it was told of a longest message that is shorter"}});
  for_each_case("vectors/go-syslog-framing.jsonl", [&](const json& c) {
    json expected = json::array();
    for (const json& result : c["results"]) {
      if (result.contains("message")) expected.push_back(from_go(result["message"]));
    }
    const std::string input = text_of(c["input"]);
    t.judge(input, expected, run("syslog octet_counting=true", input));
  });
  return t;
}

tally vrl() {
  tally t("vectors/vrl-syslog.jsonl",
          {{"apache_error [Tue", "an app has a colon or a process behind it"}});
  for_each_case("vectors/vrl-syslog.jsonl", [&](const json& c) {
    json expected = renamed(c["expected"], long_names);
    json got = first_of(run("syslog", text_of(c["input"])));
    expected.erase("time");  // as text here; the fields of VRL are instants
    if (expected.contains("procid")) expected["procid"] = expected["procid"].dump();
    const json elements = got.value("structured_data", json::object());
    for (const auto& [id, element] : elements.items()) {
      got[id] = element;
    }
    got.erase("structured_data");
    got.erase("time");
    t.judge(text_of(c["input"]), expected, got);
  });
  return t;
}

tally fluentd() {
  constexpr std::string_view tag = "an app has a colon or a process behind it";
  constexpr std::string_view bare = "without priority and version a line is not RFC 5424";
  tally t("vectors/fluentd.jsonl: syslog",
          {{"test foo:bar", tag},
           {"value1,value2", tag},
           {"Use the BFG!", tag},
           {"} \"2026-03-03T10:14:29Z 192.168.0.1 fluentd 11111", bare},
           {"} \"2017-02-06T13:14:15.003Z 192.168.0.1 fluentd - - -", bare},
           {"][exampleSDID@20224 class", "RFC 5424 forbids two elements of one name"}});
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-syslog") return;
    if (has_line_break(text_of(c["input"]))) return t.leave_out("a line break ends the line");
    const json& source = c.contains("expected") ? c["expected"] : c["expected_fields"];
    json expected = renamed(source, long_names);
    json got = first_of(run("syslog", text_of(c["input"])));
    if (expected.is_object()) {
      expected.erase("pri");
      expected.erase("extradata");  // the structured data as text
      for (const char* name : {"msgid", "procid"}) {
        if (expected[name].is_null() || expected[name] == "-") expected.erase(name);
      }
      if (expected["message"].is_null() || expected["message"] == "") expected.erase("message");
    }
    t.judge(c["config"].dump() + " " + c["input"].dump(), expected, only(got, expected));
  });
  return t;
}

/// What weir calls VictoriaLogs' fields; what it has twice over is left out.
json from_victorialogs(const std::vector<json>& records) {
  if (records.empty()) return nullptr;
  json out = renamed(records[0], {{"timestamp", "time"},
                                  {"hostname", "host"},
                                  {"app_name", "app"},
                                  {"proc_id", "procid"},
                                  {"msg_id", "msgid"},
                                  {"level", "severity"},
                                  {"facility_keyword", "facility"},
                                  {"facility", "facility_number"},
                                  {"severity", "severity_number"}});
  if (out["format"] == "rfc3164") out.erase("time");  // made whole there, a text here
  for (const char* twice : {"format", "priority", "facility_number", "severity_number"})
    out.erase(twice);
  for (const char* name : {"host", "app", "procid", "msgid"}) {
    if (out.value(name, "") == "-") out.erase(name);
  }
  return out;
}

/// Each parameter as a field `ID.NAME`, an element without any as an empty one.
json with_flat_data(json record) {
  const json elements = record.value("structured_data", json::object());
  for (const auto& [id, element] : elements.items()) {
    if (element.empty()) record[id] = "";
    for (const auto& [name, value] : element.items()) record[id + "." + name] = value;
  }
  record.erase("structured_data");
  return record;
}

tally victorialogs() {
  constexpr std::string_view tag = "an app has a colon or a process behind it";
  constexpr std::string_view bracket = "RFC 5424 wants an escape in front of `]` in a value";
  tally t("vectors/victorialogs-syslog.jsonl", {{"abcd - Starting", tag},
                                                {" - - Starting", tag},
                                                {"abcd sudo\"", tag},
                                                {"abcd sudo foobar", tag},
                                                {"= ] 56", bracket},
                                                {"q=\\\"]= ", bracket}});
  for_each_case("vectors/victorialogs-syslog.jsonl", [&](const json& c) {
    const std::string expected = c["expected_logfmt"].get<std::string>();
    json got = first_of(run("syslog lenient=true", text_of(c["input"])));
    if (got.is_object()) {
      got = with_flat_data(std::move(got));
      got.erase("version");
      if (expected.find("format=rfc3164") != expected.npos) got.erase("time");
    }
    t.judge(c["input"].dump(), from_victorialogs(run("logfmt infer=false", expected)), got);
  });
  return t;
}

/// The name or the number of a facility or severity as weir names it, both by Logstash's.
json name_of_code(const std::string& field, const json& value) {
  const bool severity = field.find("severity") != field.npos;
  if (value.is_number()) {
    const auto code = value.get<std::size_t>();
    return severity ? severities.at(code) : facilities.at(code);
  }
  const json names{
      {"user-level", "user"}, {"security/authorization", "auth"}, {"critical", "crit"}};
  return names.value(value.get<std::string>(), value.get<std::string>());
}

tally logstash_priority() {
  tally t("vectors/logstash-filter-syslog_pri.jsonl",
          {{"default", "a line without a priority has no facility and no severity"}});
  for_each_case("vectors/logstash-filter-syslog_pri.jsonl", [&](const json& c) {
    const bool elsewhere = c["config"].contains("syslog_pri_field_name");
    const std::string priority = c["input"].begin().value().dump();
    const json got = first_of(
        run("syslog", (elsewhere ? "" : "<" + priority + ">") + "Oct 11 22:14:15 host app: text"));
    const auto expected = c["expected"].begin();
    const bool severity = expected.key().find("severity") != std::string::npos;
    t.judge((elsewhere ? "default " : "") + priority, name_of_code(expected.key(), *expected),
            got.value(severity ? "severity" : "facility", ""));
  });
  return t;
}

/// The framing of each line, where crowdsec has it from its syslog parser.
tally crowdsec() {
  tally t("crowdsec/: syslog lines", {});
  for (const auto& [name, log] :
       std::map<std::string, std::string>{{"endlessh-syslogs", "endlessh-logs"},
                                          {"exim-syslog-logs", "exim-logs"},
                                          {"iptables-logs", "iptables-logs"},
                                          {"jellyfin-syslog-logs", "jellyfin-syslog-logs"},
                                          {"postfix-logs", "postfix-logs"},
                                          {"postscreen-logs", "postscreen-logs"},
                                          {"pureftpd-logs", "pureftpd-logs"},
                                          {"radarr-logs", "radarr-logs"},
                                          {"segfault-logs", "segfault-logs"},
                                          {"sonarr-logs", "sonarr-logs"},
                                          {"syslog-logs", "syslog-logs"},
                                          {"wireguard-logs", "wireguard-logs"}}) {
    const std::string folder = "crowdsec/" + name + "/";
    const auto lines = lines_of_file(folder + log + ".log");
    for_each_case(folder + "expected.jsonl", [&](const json& c) {
      if (c["parser"] != "crowdsecurity/syslog-logs" || !c["success"].get<bool>()) return;
      const std::string& line = lines.at(c["event"].get<std::size_t>());
      json expected = renamed(c["parsed"], long_names);
      for (const char* other : {"timestamp8601", "facility", "priority", "host"})
        expected.erase(other);
      t.judge(line, expected, only(first_of(run("syslog", line)), expected));
    });
  }
  return t;
}

/// The time and the topics of each line, where crowdsec's parser of MikroTik's has them.
tally mikrotik() {
  tally t("crowdsec/mikrotik-logs: topics", {});
  const std::string folder = "crowdsec/mikrotik-logs/";
  const auto lines = lines_of_file(folder + "mikrotik-logs.log");
  for_each_case(folder + "expected.jsonl", [&](const json& c) {
    if (c["parser"] != "a1ad/mikrotik-logs" || !c["success"].get<bool>()) return;
    const std::string& line = lines.at(c["event"].get<std::size_t>());
    const json& parsed = c["parsed"];
    const json expected{{"time", parsed["timestamp"]}, {"topics", parsed["topics"]}};
    t.judge(line, expected, only(first_of(run("syslog", line)), expected));
  });
  return t;
}

tally real_logs() {
  tally t("loghub/Linux, loghub/Mac, syslog/logs/auth.log: all lines", {});
  expect_all_accepted(t, "syslog", "loghub/Linux/Linux_2k.log");
  expect_all_accepted(t, "syslog", "loghub/Mac/Mac_2k.log");
  expect_all_accepted(t, "syslog", "syslog/logs/auth.log");
  return t;
}

}  // namespace

std::vector<tally> syslog_sets() {
  return {go_syslog(),    octet_counting(),    octet_streams(), vrl(),      fluentd(),
          victorialogs(), logstash_priority(), crowdsec(),      mikrotik(), real_logs()};
}

}  // namespace weir::conformance
