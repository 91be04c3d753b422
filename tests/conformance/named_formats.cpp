#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/time.hpp"
#include "conformance/tally.hpp"
#include "weir/pipeline.hpp"

namespace weir::conformance {
namespace {

using names = std::map<std::string, std::string>;

/// The rows of a CSV text by the names in its first line; all values are texts.
std::vector<json> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && text.substr(i, 2) == "\"\"") {
      rows.back().back() += text[i++];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.push_back({""});
    } else if (c != '\r' || quoted) {
      rows.back().back() += c;
    }
  }
  std::vector<json> out;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    if (rows[row].size() != rows[0].size()) continue;
    json& o = out.emplace_back(json::object());
    for (std::size_t i = 0; i < rows[row].size(); ++i) o[rows[0][i]] = rows[row][i];
  }
  return out;
}

std::string text_of_file(const std::string& path) {
  std::ifstream in(WEIR_DATA "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Loghub took the blanks at the ends of lines away.
std::string without_blanks(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string as_text(const json& record, const std::string& name) {
  if (!record.contains(name)) return "";
  return record[name].is_string() ? record[name].get<std::string>() : record[name].dump();
}

/// One system's sample: each line has to give what its structured file has in these columns. A file
/// of as many rows as records proves that the counts agree.
tally loghub(const std::string& system, const std::string& stage, const names& columns,
             std::vector<difference> known = {}) {
  tally t("loghub/" + system + ": " + stage, std::move(known));
  const std::string path = "loghub/" + system + "/" + system + "_2k.log";
  const auto rows = rows_of(text_of_file(path + "_structured.csv"));
  const auto records = run(stage, text_of_file(path));
  t.judge("number of records", rows.size(), records.size());
  for (std::size_t i = 0; i < std::min(rows.size(), records.size()); ++i) {
    json got = json::object();
    json expected = json::object();
    for (const auto& [column, field] : columns) {
      expected[field] = without_blanks(rows[i][column].get<std::string>());
      got[field] = without_blanks(as_text(records[i], field));
    }
    t.judge(system + " line " + rows[i].value("LineId", "?") + ": " + rows[i].dump(), expected,
            got);
  }
  return t;
}

/// The time as RFC 3339, in UTC.
json with_time(json record, const std::string& name) {
  if (!record.is_object() || !record.contains(name)) return record;
  const auto ns = parse_time(record[name].get<std::string>());
  std::string text;
  if (ns) format_rfc3339(*ns, text);
  record[name] = text;
  return record;
}

json first_of(const std::vector<json>& records) {
  return records.empty() ? json(nullptr) : records[0];
}

json without_nothing(const json& record) {
  if (!record.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    if (!value.is_null() && value != "" && value != "-" && !(value.is_array() && value.empty())) {
      out[name] = value;
    }
  }
  return out;
}

json with_request(json record) {
  if (!record.is_object() || !record.contains("method")) return record;
  record["request"] = record["method"].get<std::string>() + " " +
                      record["path"].get<std::string>() + " " +
                      record["protocol"].get<std::string>();
  return record;
}

tally vrl_servers() {
  tally t("vectors/vrl-weblogs.jsonl: nginx by its format, error logs",
          {{"\"message1\"", "the system's error is errno and error, not a part of the message"},
           {"15:40:27.138633", "a fraction of microseconds is one"},
           {"[2021/06/03 09:30:50] - - - -", "a level is asked for"}});
  for_each_case("vectors/vrl-weblogs.jsonl", [&](const json& c) {
    const std::string format = c.contains("options") ? c["options"].value("format", "") : "";
    const bool nginx = c["source"] == "src/stdlib/parse_nginx_log.rs";
    const std::string input = text_of(c["input"]);
    json got;
    if (format == "error" && nginx) {
      got = renamed(with_time(first_of(run("nginx_error", input)), "time"),
                    {{"time", "timestamp"}, {"level", "severity"}, {"connection", "cid"}});
      if (got.contains("excess")) got["excess"] = got["excess"].get<double>();
    } else if (format == "error") {
      got = renamed(with_time(first_of(run("apache_error", input)), "time"),
                    {{"time", "timestamp"}, {"level", "severity"}, {"tid", "thread"}});
      if (got.contains("thread")) got["thread"] = got["thread"].dump();
    } else if (nginx && (format == "main" || format == "ingress_upstreaminfo")) {
      const std::string stage = format == "main" ? "nginx main" : "nginx ingress";
      got = renamed(with_request(with_time(first_of(run(stage, input)), "time_local")),
                    {{"time_local", "timestamp"}, {"body_bytes_sent", "body_bytes_size"}});
    } else {
      return;
    }
    const json expected = c.contains("error") ? json(nullptr) : without_nothing(c["expected"]);
    t.judge(input + " " + c.value("expected", json()).dump(), expected,
            only(without_nothing(got), expected));
  });
  return t;
}

tally vrl_klog() {
  tally t("vectors/vrl-applogs.jsonl: klog, glog",
          {{"\\n  I20210131", "a line does not begin with blanks"}});
  for_each_case("vectors/vrl-applogs.jsonl", [&](const json& c) {
    if (c["parser"] != "parse_glog" && c["parser"] != "parse_klog") return;
    const std::string input = text_of(c["input"]);
    json got = first_of(run("klog", input));
    const json expected = c.contains("error") ? json(nullptr) : c["expected"];
    if (got.is_object()) {
      got = renamed(with_time(got, "time"), {{"time", "timestamp"}, {"thread", "id"}});
      const std::map<std::string, std::string> levels{
          {"I", "info"}, {"W", "warning"}, {"E", "error"}, {"F", "fatal"}};
      got["level"] = levels.at(got["level"].get<std::string>());
    }
    t.judge(c["input"].dump(), expected, got);
  });
  return t;
}

/// VRL gives texts for numbers of some fields, and lists.
json like_vrl(json record) {
  if (!record.is_object()) return record;
  for (const char* name : {"elb_status_code", "target_status_code", "matched_rule_priority"}) {
    if (record.contains(name)) record[name] = record[name].dump();
  }
  for (const char* name : {"target_port_list", "target_status_code_list"}) {
    if (record.contains(name)) record[name] = json::array({record[name]});
  }
  return record;
}

tally vrl_alb() {
  tally t("vectors/vrl-aws.jsonl: ALB",
          {{"\"-\" \"-\" 10.0.", "the lists of targets stand in quotes, as AWS writes them"}});
  for_each_case("vectors/vrl-aws.jsonl", [&](const json& c) {
    if (c["parser"] != "parse_aws_alb_log") return;
    const std::string input = text_of(c["input"]);
    const bool lenient = c["test"].get<std::string>().find("non-strict") != std::string::npos;
    const json record = like_vrl(first_of(run(lenient ? "alb lenient=true" : "alb", input)));
    const json got = renamed(record, {{"time", "timestamp"},
                                      {"client", "client_host"},
                                      {"target", "target_host"},
                                      {"method", "request_method"},
                                      {"path", "request_url"},
                                      {"protocol", "request_protocol"}});
    const json expected = c.contains("error") ? json(nullptr) : without_nothing(c["expected"]);
    t.judge(input, expected, only(without_nothing(got), expected));
  });
  return t;
}

tally fluentd_apache_error() {
  tally t("vectors/fluentd.jsonl: apache_error");
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-apache_error") return;
    const std::string input = text_of(c["input"]);
    const json expected =
        c.contains("expected") && !c["expected"].is_null() ? c["expected"] : c["expected_fields"];
    json got = first_of(run("apache_error", input));
    if (got.is_object() && got.contains("pid")) got["pid"] = got["pid"].dump();
    t.judge(input, expected, only(got, expected));
  });
  return t;
}

/// The lines of a parser's test, each read by `stage`, where a framing parser took them.
tally crowdsec(const std::string& folder, const std::string& parser, const std::string& stage,
               const names& fields) {
  tally t("crowdsec/" + folder + ": " + stage);
  std::vector<std::string> lines;
  const auto files = std::filesystem::directory_iterator(WEIR_DATA "/crowdsec/" + folder);
  for (const auto& file : files) {
    if (file.path().extension() != ".log") continue;
    lines = lines_of_file("crowdsec/" + folder + "/" + file.path().filename().string());
  }
  for_each_case("crowdsec/" + folder + "/expected.jsonl", [&](const json& c) {
    const std::size_t event = c["event"].get<std::size_t>();
    if (c["parser"] != parser || !c["success"].get<bool>() || event >= lines.size()) return;
    json got = json::object();
    json expected = json::object();
    const json record = first_of(run(stage, lines[event]));
    for (const auto& [theirs, ours] : fields) {
      if (!c["parsed"].contains(theirs)) continue;
      expected[ours] = c["parsed"][theirs];
      got[ours] = as_text(record, ours);
    }
    t.judge(lines[event], expected, got);
  });
  return t;
}

tally accepted(const std::string& file, const std::string& stage) {
  tally t(file + ": " + stage);
  expect_all_accepted(t, stage, file);
  return t;
}

}  // namespace

std::vector<tally> named_format_sets() {
  return {loghub("Apache", "apache_error",
                 {{"Content", "message"}, {"Level", "level"}, {"Time", "time"}},
                 {{"[client ", "the client is a field of its own"}}),
          loghub("Hadoop", "log4j",
                 {{"Content", "message"}, {"Level", "level"}, {"Process", "thread"}}),
          loghub("HDFS", "log4j",
                 {{"Content", "message"}, {"Level", "level"}, {"Component", "logger"}}),
          loghub("HealthApp", "plain",
                 {{"Content", "message"}, {"Component", "component"}, {"Pid", "pid"}}),
          loghub("OpenStack", "oslo",
                 {{"Content", "message"}, {"Level", "level"}, {"Component", "logger"}}),
          loghub("Spark", "log4j",
                 {{"Content", "message"}, {"Level", "level"}, {"Component", "logger"}}),
          loghub("Zookeeper", "log4j", {{"Content", "message"}, {"Level", "level"}}),
          vrl_servers(),
          vrl_klog(),
          vrl_alb(),
          fluentd_apache_error(),
          crowdsec("cri-logs", "crowdsecurity/cri-logs", "cri",
                   {{"cri_timestamp", "time"},
                    {"stream", "stream"},
                    {"logtag", "tag"},
                    {"message", "message"}}),
          crowdsec("mysql-logs", "crowdsecurity/mysql-logs", "mysql_log", {{"time", "time"}}),
          accepted("cloud/elb/alb_al_valid_logs.log", "alb"),
          accepted("cloud/elb/clb_al_valid_logs.log", "elb"),
          accepted("cloud/s3-access/valid_log_multi.log", "s3_access"),
          accepted("crowdsec/aws-alb-logs/aws-alb-logs.log", "alb")};
}

}  // namespace weir::conformance
