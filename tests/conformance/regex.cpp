#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

std::string without_slashes(const std::string& expression) {
  return expression.substr(1, expression.size() - 2);
}

tally fluentd() {
  tally t("vectors/fluentd.jsonl: regexp",
          {{"types: time", "a time stays a text; @time reads it"}});
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-regexp") return;
    const std::string types = c["config"].value("types", "");
    const std::string pattern = without_slashes(c["config"]["expression"].get<std::string>());
    const auto got = run("regex " + in_quotes(pattern), text_of(c["input"]));
    const json expected = c.contains("expected") ? c["expected"] : c["expected_fields"];
    t.judge(pattern + " types: " + types, expected, only(got.at(0), expected));
  });
  return t;
}

}  // namespace

std::vector<tally> regex_sets() {
  return {fluentd()};
}

}  // namespace weir::conformance
