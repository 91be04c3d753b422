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

/// A spec that expects no field asks for the tag of a failure, or for what only a match lacks.
bool has_to_fail(const json& c) {
  return c.contains("checks") && c["checks"][0]["path"] == "tags" &&
         c["checks"][0]["value"] == json::array({"_grokparsefailure"});
}

tally patterns_core() {
  tally t("vectors/logstash-patterns-core.jsonl",
          {{"more than 64 char length local-part", "the parts of a local part have any length"}});
  for_each_case("vectors/logstash-patterns-core.jsonl", [&](const json& c) {
    const std::string pattern = pattern_of(c);
    if (!is_one_line(c["input"])) return t.leave_out("multiline joins lines, in front of grok");
    const std::string input = c["input"].get<std::string>();
    const std::string name = c["test"].get<std::string>() + ": " + pattern + " of " + input;
    if (!c.contains("expected")) {
      const json got = record_of(stage_of(c, "(?<whole>" + pattern + ")"), input);
      return t.judge(name, c.value("matches", !has_to_fail(c)), got.is_object());
    }
    const json expected = without_line(nested(plain(c["expected"])), input);
    t.judge(name, expected, only(record_of(stage_of(c, pattern), input), expected));
  });
  return t;
}

/// Why weir cannot be asked; empty if it can.
std::string_view why_left_out(const json& c) {
  const json& config = c["config"];
  if (config.is_null()) return "patterns in files: `define` has them in the pipeline";
  if (config.is_string()) return "of several patterns the first one that matches counts";
  if (c["input"].is_array()) return "an event has one line, not a list of them";
  if (!config["match"].contains("message")) return "grok reads lines, not other fields";
  if (!c.contains("expected")) return "it checks tags, types or what is absent only";
  if (config.contains("add_field")) return "fields are added by `set`, behind grok";
  if (config.contains("named_captures_only")) return "only what is named is a field";
  return {};
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
  tally t("vectors/logstash-filter-grok.jsonl",
          {{"grok '%{SYSLOG5424LINE}' of", "this version of the library makes numbers of them"}});
  for_each_case("vectors/logstash-filter-grok.jsonl", [&](const json& c) {
    if (const auto why = why_left_out(c); !why.empty()) return t.leave_out(why);
    const json& config = c["config"];
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

/// `'...'` of VRL's `r'...'`, with weir's escapes; empty without one.
std::string regex_in(const std::string& program) {
  const std::size_t begin = program.find("r'");
  if (begin == program.npos) return {};
  return in_quotes(program.substr(begin + 2, program.find('\'', begin + 2) - begin - 2));
}

/// The patterns of a case: one, several, or the one that its program names.
std::string grok_of(const json& c) {
  const json options = c.value("options", json::object());
  const std::string documented =
      "%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} %{GREEDYDATA:message}";
  std::string stage = "grok names=legacy";
  for (const json& p :
       options.value("patterns", json::array({options.value("pattern", documented)}))) {
    stage += " " + in_quotes(p.get<std::string>());
  }
  return stage;
}

tally vrl() {
  tally t("vectors/vrl-grok-regex.jsonl");
  for_each_case("vectors/vrl-grok-regex.jsonl", [&](const json& c) {
    const std::string program = c.value("program", "");
    const bool aliases = c.value("options", json::object()).contains("aliases");
    if (aliases || program.find("alias") != program.npos) {
      return t.leave_out("aliases are written in the pipeline, as `define`");
    }
    if (program.find("numeric_groups") != program.npos) {
      return t.leave_out("a group without a name is no field");
    }
    if (c["parser"] == "parse_regex_all")
      return t.leave_out("a line is one record: the first match");
    const std::string regex = regex_in(program);
    const json got = record_of(regex.empty() ? grok_of(c) : "regex infer=false " + regex,
                               c["input"].get<std::string>());
    t.judge(c["test"], c.contains("error") ? json(nullptr) : c["expected"], got);
  });
  return t;
}

}  // namespace

std::vector<tally> grok_sets() {
  return {patterns_core(), filter_grok(), go_grok(), vrl()};
}

}  // namespace weir::conformance
