#include "conformance/tally.hpp"
#include "weir/error.hpp"

namespace weir::conformance {
namespace {

/// `[a][b]` keys and dotted ones as nested objects.
void put(json& into, const std::string& path, const json& value) {
  json* at = &into;
  const bool brackets = path.starts_with('[');
  std::size_t from = brackets ? 1 : 0;
  for (;;) {
    const std::size_t end = path.find(brackets ? ']' : '.', from);
    at = &(*at)[path.substr(from, end == path.npos ? end : end - from)];
    if (end == path.npos || (brackets && end + 1 == path.size())) break;
    from = end + (brackets ? 2 : 1);
  }
  *at = value;
}

json nested(const json& flat) {
  json out = json::object();
  for (const auto& [path, value] : flat.items()) put(out, path, value);
  return out;
}

/// Without the marks for objects that are named in part: `only` compares in that manner anyhow.
json plain(const json& expected) {
  if (!expected.is_object()) return expected;
  if (expected.contains("$includes")) return plain(expected["$includes"]);
  json out = json::object();
  for (const auto& [name, value] : expected.items()) out[name] = plain(value);
  return out;
}

/// The specs of Nagios call a pattern by its name and what they test.
std::string pattern_of(const json& c) {
  std::string pattern = c["config"]["pattern"].get<std::string>();
  const std::size_t remark = pattern.find(" - ");
  if (pattern.find("NAGIOSLOGLINE") != pattern.npos && remark != pattern.npos) {
    return "%{NAGIOSLOGLINE}";
  }
  return pattern;
}

/// Logstash makes a list of the line and what a pattern calls `message`.
json without_line(json expected, const std::string& line) {
  if (!expected.contains("message")) return expected;
  json& message = expected["message"];
  if (message.is_array() && message.size() == 2 && message[0] == line) message = json(message[1]);
  if (message.is_object()) message = json(message.begin().value());
  if (message == line) expected.erase("message");
  return expected;
}

/// The record, null if no pattern matches, or why there can be none.
json record_of(const std::string& stage, const std::string& line) {
  try {
    const auto got = run(stage, line);
    return got.empty() ? json(nullptr) : got[0];
  } catch (const error& e) {
    return e.what();
  }
}

/// Every line of the input has to match for itself; a case of several lines is a text with breaks.
bool is_one_line(const json& input) {
  return input.is_string() && input.get<std::string>().find('\n') == std::string::npos;
}

std::string stage_of(const json& c, const std::string& pattern) {
  const bool legacy = c["config"]["patterns"] == "legacy";
  return "grok " + in_quotes(pattern) + (legacy ? " names=legacy" : "");
}

tally patterns_core() {
  tally t("vectors/logstash-patterns-core.jsonl: one line",
          {{"more than 64 char length local-part", "the parts of a local part have any length"}});
  for_each_case("vectors/logstash-patterns-core.jsonl", [&](const json& c) {
    const std::string pattern = pattern_of(c);
    if (!is_one_line(c["input"]) || pattern.empty()) return;
    const std::string input = c["input"].get<std::string>();
    const std::string name = c["test"].get<std::string>() + ": " + pattern + " of " + input;
    if (c.contains("matches") && !c.contains("expected")) {
      const json got = record_of(stage_of(c, "(?<whole>" + pattern + ")"), input);
      t.judge(name, c["matches"], got.is_object());
    }
    if (!c.contains("expected")) return;
    const json expected = without_line(nested(plain(c["expected"])), input);
    if (expected.empty()) return;
    t.judge(name, expected, only(record_of(stage_of(c, pattern), input), expected));
  });
  return t;
}

/// The texts of all fields that both records have: go-grok has a library of its own, which knows no
/// numbers and has other names for many fields.
json shared(const json& record, const json& other) {
  if (record.is_number()) return record.dump();
  if (!record.is_object() || !other.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    if (!other.contains(name) || value.is_object() != other[name].is_object()) continue;
    const json common = shared(value, other[name]);
    if (!common.is_object() || !common.empty()) out[name] = common;
  }
  return out;
}

tally go_grok() {
  tally t(
      "vectors/go-grok.jsonl: lines match, fields of one name agree",
      {{" H=(mail.example.com)", "its EXIM takes the name in brackets apart from the address"}});
  for_each_case("vectors/go-grok.jsonl", [&](const json& c) {
    const std::string input = c["input"].get<std::string>();
    const std::string pattern = c["pattern"].get<std::string>();
    const json got = record_of("grok " + in_quotes("(?<whole>" + pattern + ")"), input);
    if (!got.is_object()) return t.judge(pattern + " of " + input, c["expected"], got);
    const json expected = nested(c["expected"]);
    t.judge(pattern + " of " + input, shared(expected, got), shared(got, expected));
  });
  return t;
}

tally filter_grok() {
  tally t("vectors/logstash-filter-grok.jsonl: one pattern, one line",
          {{"grok '%{SYSLOG5424LINE}' of", "this version of the library makes numbers of them"}});
  for_each_case("vectors/logstash-filter-grok.jsonl", [&](const json& c) {
    const json& config = c["config"];
    if (!config.is_object() || !c.contains("expected") || !c["input"].is_string()) return;
    if (!config.contains("match") || !config["match"].contains("message")) return;
    if (!config["match"]["message"].is_string()) return;
    for (const char* other : {"add_field", "keep_empty_captures", "named_captures_only"}) {
      if (config.contains(other)) return;
    }
    std::string stage = "grok " + in_quotes(config["match"]["message"].get<std::string>());
    if (c.value("ecs", "disabled") == "disabled") stage += " names=legacy";
    if (config.contains("pattern_definitions")) {
      for (const auto& [name, definition] : config["pattern_definitions"].items()) {
        stage += " define=" + in_quotes(name + " " + definition.get<std::string>());
      }
    }
    const std::string input = c["input"].get<std::string>();
    const json expected = without_line(nested(c["expected"]), input);
    t.judge(stage + " of " + input, expected, only(record_of(stage, input), expected));
  });
  return t;
}

}  // namespace

std::vector<tally> grok_sets() {
  return {patterns_core(), filter_grok(), go_grok()};
}

}  // namespace weir::conformance
