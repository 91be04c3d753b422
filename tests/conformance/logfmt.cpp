#include <regex>

#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

constexpr std::string_view bare_key = "a key without a value is true, not an empty text or null";
constexpr std::string_view inner_equals =
    "an equals sign in a value belongs to the value, as in many URLs";
constexpr std::string_view flags_only =
    "a line without any key=value is rejected: free text would be a record of flags";

json as_object(const json& pairs) {
  json out = json::object();
  for (const json& p : pairs) out[p[0].get<std::string>()] = p[1];
  return out;
}

json expected_of(const json& c) {
  if (c.contains("expected_object")) return json::array({c["expected_object"]});
  if (c.contains("error")) {
    // The line of the error is rejected, those before it are not.
    const bool second = c["error"].is_object() && c["error"]["line"] == 2;
    return second ? json::array({{{"a", "1"}}}) : json::array();
  }
  json all = json::array();
  for (const json& pairs : c["expected"]) {
    if (!pairs.empty()) all.push_back(as_object(pairs));  // weir counts blank lines apart
  }
  return all;
}

tally kr_and_others() {
  tally t("vectors/logfmt.jsonl: kr, go-logfmt, node",
          {{"\"kr\" \"y\"", flags_only},
           {"\"go-logfmt\" \"y\"", flags_only},
           {"\"node\" \"hello\"", flags_only},
           {" d ", bare_key},
           {"a==", inner_equals},
           {"k=b=ar", inner_equals},
           {"\\u001e", "a control character is part of a key, no blank"}});
  for_each_case("vectors/logfmt.jsonl", [&](const json& c) {
    if (c["dialect"] == "victorialogs") return;
    const std::string name = c["dialect"].dump() + " " + c["input"].dump();
    t.judge(name, expected_of(c), run("logfmt infer=false", text_of(c["input"])));
  });
  return t;
}

/// What it writes again is logfmt, too.
tally victorialogs() {
  tally t("vectors/logfmt.jsonl: victorialogs",
          {{"foo bar", bare_key}, {"=z qwe", "a value without a key is rejected"}});
  for_each_case("vectors/logfmt.jsonl", [&](const json& c) {
    if (c["dialect"] != "victorialogs") return;
    t.judge(c["input"].dump(), run("logfmt infer=false", c["expected_relogfmt"].get<std::string>()),
            run("logfmt infer=false", text_of(c["input"])));
  });
  return t;
}

/// The names of a filter's options, from its text or its object.
std::vector<std::string> options_of(const json& config) {
  std::vector<std::string> names;
  if (config.is_object()) {
    for (const auto& [name, value] : config.items()) names.push_back(name);
    return names;
  }
  const std::regex option(R"((\w+) => )");
  const std::string text = config.get<std::string>();
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) {
    names.push_back((*at)[1]);
  }
  return names;
}

/// The first option of a case that changes what a pair is; empty without one.
std::string option_left_out(const json& c) {
  for (const std::string& name : options_of(c["config"])) {
    const bool said = name == "add_tag" || name == "whitespace";  // strict, as weir is
    if (!said && (name != "source" || !c["input"].contains("@data"))) return name;
  }
  return {};
}

tally logstash() {
  tally t("vectors/logstash-filter-kv.jsonl",
          {{"singlequoted", "single quotes are text, as logfmt has it"},
           {"bracketed=[value3]", "brackets are text"}});
  for_each_case("vectors/logstash-filter-kv.jsonl", [&](const json& c) {
    if (const std::string name = option_left_out(c); !name.empty()) {
      return t.leave_out("no option like " + name);
    }
    const std::string input = text_of(c["input"].is_object() ? c["input"]["@data"] : c["input"]);
    const auto got = run("logfmt infer=false", input);
    const json expected = c.value("expected", json());
    t.judge(input, expected, got.empty() ? json() : only(got[0], expected));
  });
  return t;
}

tally vrl() {
  tally t("vectors/vrl-logfmt-keyvalue.jsonl", {{"=(key)", "a value without a key is rejected"},
                                                {"argh=no =", "a value without a key is rejected"},
                                                {"escaped tabs", "\\t in quotes is a tab"}});
  for_each_case("vectors/vrl-logfmt-keyvalue.jsonl", [&](const json& c) {
    const bool usual = !c.contains("options") || c["options"].empty() ||
                       (c["options"].value("key_value_delimiter", "=") == "=" &&
                        c["options"].value("field_delimiter", " ") == " ");
    const std::string input = text_of(c["input"]);
    if (!usual || input.find(':') != input.npos) {
      return t.leave_out("`=` and blanks are the only delimiters");
    }
    t.judge(input, json::array({c["expected"]}), run("logfmt infer=false", input));
  });
  return t;
}

/// Labelled values. Of fluentd's delimiters weir has the usual ones and, as logfmt, `=` and blanks.
tally fluentd() {
  tally t("vectors/fluentd.jsonl: labeled_tsv",
          {{"null_value_pattern", "which values stand for none is no option: `-` does"}});
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-labeled_tsv") return;
    const bool blanks = c["config"].contains("delimiter_pattern");
    const auto got = run(blanks ? "logfmt infer=false" : "ltsv infer=false", text_of(c["input"]));
    const json expected = c.contains("expected") ? c["expected"] : c["expected_fields"];
    t.judge(c["config"].dump(), expected, only(got.at(0), expected));
  });
  return t;
}

}  // namespace

std::vector<tally> logfmt_sets() {
  return {kr_and_others(), victorialogs(), vrl(), logstash(), fluentd()};
}

}  // namespace weir::conformance
