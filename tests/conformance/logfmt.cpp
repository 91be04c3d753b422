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

tally vrl() {
  tally t("vectors/vrl-logfmt-keyvalue.jsonl: `=` and blanks",
          {{"=(key)", "a value without a key is rejected"},
           {"argh=no =", "a value without a key is rejected"},
           {"escaped tabs", "\\t in quotes is a tab"}});
  for_each_case("vectors/vrl-logfmt-keyvalue.jsonl", [&](const json& c) {
    const bool usual = !c.contains("options") || c["options"].empty() ||
                       (c["options"].value("key_value_delimiter", "=") == "=" &&
                        c["options"].value("field_delimiter", " ") == " ");
    const std::string input = text_of(c["input"]);
    if (!usual || input.find(':') != input.npos) return;
    t.judge(input, json::array({c["expected"]}), run("logfmt infer=false", input));
  });
  return t;
}

}  // namespace

std::vector<tally> logfmt_sets() {
  return {kr_and_others(), vrl()};
}

}  // namespace weir::conformance
