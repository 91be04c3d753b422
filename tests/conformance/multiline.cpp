#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

/// The lines of a case as one text, and its expected records.
struct lines_case {
  std::string input;
  json expected = json::array();
};

std::string without_last_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

lines_case read_case(const json& c) {
  lines_case out;
  for (const json& line : c["input"]) {
    out.input += without_last_break(line.get<std::string>()) + "\n";
  }
  for (const json& record : c["expected"]) {
    out.expected.push_back(without_last_break(record.get<std::string>()));
  }
  return out;
}

json messages(const std::vector<json>& records) {
  json all = json::array();
  for (const json& r : records) all.push_back(r["message"]);
  return all;
}

/// The stage for a case; empty if the case is of another stage (container logs).
std::string stage_for(const json& c) {
  const std::string suite = c["suite"].get<std::string>();
  if (suite == "logstash-codec-multiline") return "multiline continue='^\\\\s'";
  if (suite == "fluent-bit") {
    const std::string parser = c["parser"].get<std::string>();
    if (parser == "endswith") return "multiline unfinished='\\\\\\\\$'";
    const bool trace = parser == "java" || parser == "python" || parser == "go";
    return trace ? "multiline " + parser : std::string{};
  }
  std::string stage = "multiline";
  if (c.contains("language")) stage += " " + c["language"].get<std::string>();
  if (c.contains("languages")) stage += " " + c["languages"][0].get<std::string>();
  if (c.contains("options")) {
    stage += " max_lines=" + std::to_string(c["options"]["max_lines"].get<int>());
  }
  return stage;
}

tally cases(std::string_view suite) {
  tally t("multiline/cases.jsonl: " + std::string{suite});
  for_each_case("multiline/cases.jsonl", [&](const json& c) {
    const std::string stage = stage_for(c);
    if (c["suite"] != suite || stage.empty()) return;
    const lines_case lines = read_case(c);
    t.judge(c["test"].get<std::string>(), lines.expected, messages(run(stage, lines.input)));
  });
  return t;
}

/// Logs of containers. Docker's text keeps its line feed; a line of another kind is no JSON.
tally container_parts_of_fluent_bit() {
  tally t("multiline/cases.jsonl: fluent-bit, docker and cri",
          {{"docker: ", "a raw line break in a JSON string ends the line, here and in a file"}});
  for_each_case("multiline/cases.jsonl", [&](const json& c) {
    const bool container =
        c.contains("parser") &&
        (c["parser"] == "docker" || c["parser"] == "cri" || c["parser"] == "docker_cri_chain");
    if (c["suite"] != "fluent-bit" || !container) return;
    json got = json::array();
    const bool docker = c["parser"] == "docker";
    for (const json& r : run("container | auto", read_case(c).input)) {
      got.push_back(r.contains("log") ? r["log"] : r["message"]);
    }
    const std::string name = (docker ? "docker: " : "") + c["test"].get<std::string>();
    t.judge(name, c["expected"], got);
  });
  return t;
}

std::string without_slashes(const std::string& expression) {
  return expression.substr(1, expression.size() - 2);
}

/// The formats 1, 2, ... as one, in which a dot matches line breaks, too.
std::string pattern_of(const json& config) {
  std::string all = "(?s)";
  for (int i = 1; config.contains("format" + std::to_string(i)); ++i) {
    all += without_slashes(config["format" + std::to_string(i)].get<std::string>());
  }
  constexpr std::string_view hash = "\\u0023";  // as Ruby writes `#`
  for (std::size_t at = 0; (at = all.find(hash)) != all.npos;) all.replace(at, hash.size(), "#");
  return all;
}

/// Lines are joined, then read by a pattern; what is taken out as the time stays a field here.
tally fluentd() {
  tally t("vectors/fluentd.jsonl: multiline and regex");
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-multiline") return;
    const std::string pattern = pattern_of(c["config"]);
    const std::string first = without_slashes(c["config"].value("format_firstline", "/^\\d{4}-/"));
    json expected = c.contains("expected") ? c["expected"] : c["expected_fields"];
    if (c.contains("time")) expected["time"] = c["time"]["$time"];
    const auto got =
        run("multiline start=" + in_quotes(first) + " | regex infer=false " + in_quotes(pattern),
            text_of(c["input"]));
    t.judge(pattern, json::array({expected}), got);
  });
  return t;
}

}  // namespace

std::vector<tally> multiline_sets() {
  return {cases("detect-exceptions"), cases("fluent-bit"), cases("logstash-codec-multiline"),
          container_parts_of_fluent_bit(), fluentd()};
}

}  // namespace weir::conformance
