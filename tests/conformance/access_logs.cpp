#include "base/time.hpp"
#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

using names = std::map<std::string, std::string>;

/// The time as RFC 3339, in UTC, under another name.
json with_time(json record, const std::string& from, const std::string& to) {
  if (!record.is_object() || !record.contains(from)) return record;
  const auto ns = parse_time(record[from].get<std::string>());
  std::string text;
  if (ns) format_rfc3339(*ns, text);
  record.erase(from);
  record[to] = text;
  return record;
}

/// The request as one text, as other parsers give it too.
json with_request(json record, const std::string& name) {
  if (!record.is_object()) return record;
  std::string request = record.value("request", "");
  record.erase("request");
  if (record.contains("method")) {
    request = record["method"].get<std::string>() + " " + record["path"].get<std::string>() + " " +
              record["protocol"].get<std::string>();
  }
  if (!request.empty()) record[name] = request;
  return record;
}

json without_empty(const json& record) {
  if (!record.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    if (value != "" && value != "-" && !value.is_null()) out[name] = value;
  }
  return out;
}

constexpr std::string_view seven_words =
    "a line of dashes only is not what a server writes: brackets and quotes are asked for";

tally vrl() {
  tally t("vectors/vrl-weblogs.jsonl: common, combined, nginx main",
          {{"- - - - - - -", seven_words},
           {"- - - [-] \"-\" - -", "the time is asked for, except with lenient=true"},
           {"\"2.75\"", "a field behind the agent is taken with lenient=true only"},
           {"401 84170 - -", "referer and agent stand in quotes"}});
  for_each_case("vectors/vrl-weblogs.jsonl", [&](const json& c) {
    const std::string format = c.contains("options") ? c["options"].value("format", "common") : "";
    const bool nginx_main = c["parser"] == "parse_combined_log" && format == "main";
    const bool nginx = c["parser"] == "parse_combined_log" && format == "combined";
    const bool common = c["parser"] == "parse_common_log" && format != "error";
    if (!nginx_main && !nginx && !common) return;
    if (c.contains("options") && c["options"].contains("timestamp_format")) return;
    const std::string input = text_of(c["input"]);
    const auto got = run(nginx_main ? "clf lenient=true" : "clf", input);
    json record = got.empty() ? json(nullptr) : got[0];
    record = with_request(with_time(record, "time", "timestamp"), common ? "message" : "request");
    if (common) {
      record = renamed(record, {{"ident", "identity"}, {"bytes", "size"}});
    } else if (nginx) {
      record = renamed(record, {{"host", "client"}, {"bytes", "size"}});
    } else {
      record = renamed(record, {{"host", "remote_addr"},
                                {"user", "remote_user"},
                                {"bytes", "body_bytes_size"},
                                {"referer", "http_referer"},
                                {"agent", "http_user_agent"},
                                {"rest", "http_x_forwarded_for"}});
      if (record.contains("http_x_forwarded_for")) {
        record["http_x_forwarded_for"] =
            json::parse(record["http_x_forwarded_for"].get<std::string>());
      }
    }
    const json expected = c.contains("error") ? json(nullptr) : without_empty(c["expected"]);
    t.judge(input, expected, only(without_empty(record), expected));
  });
  return t;
}

tally fluentd() {
  tally t("vectors/fluentd.jsonl: apache2, nginx",
          {{"\"GET /\" 200", "a request without a protocol stays whole, as `request`"}});
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    const bool apache = c["parser"] == "fluentd-apache2";
    if (!apache && c["parser"] != "fluentd-nginx") return;
    const std::string input = text_of(c["input"]);
    const auto got = run("clf lenient=true", input);
    const names apache_names{{"status", "code"}, {"bytes", "size"}};
    const names nginx_names{{"status", "code"},
                            {"bytes", "size"},
                            {"host", "remote"},
                            {"ident", "host"},
                            {"rest", "http_x_forwarded_for"}};
    json record = renamed(got.at(0), apache ? apache_names : nginx_names);
    json expected = without_empty(
        c.contains("expected") && !c["expected"].is_null() ? c["expected"] : c["expected_fields"]);
    if (!apache) {  // fluentd's nginx parser gives texts
      for (const char* name : {"code", "size"}) record[name] = record[name].dump();
      if (record.contains("http_x_forwarded_for")) {
        record["http_x_forwarded_for"] =
            json::parse(record["http_x_forwarded_for"].get<std::string>());
      }
    }
    t.judge(input, expected, only(record, expected));
  });
  return t;
}

tally apache_logs() {
  tally t(
      "web/apache_logs: 10,000 lines of a real server",
      {{"grok-py-test/configlib.py HTTP/1.1\\\" 200 235", "the line ends inside of the agent"}});
  expect_all_accepted(t, "clf", "web/apache_logs/apache_logs.gz");
  return t;
}

}  // namespace

std::vector<tally> access_log_sets() {
  return {vrl(), fluentd(), apache_logs()};
}

}  // namespace weir::conformance
