#include "conformance/tally.hpp"

namespace weir::conformance {

std::vector<tally> dissect_sets() {
  tally t("vectors/logstash-filter-dissect.jsonl: with a mapping");
  for_each_case("vectors/logstash-filter-dissect.jsonl", [&](const json& c) {
    if (!c["config"].is_object() || !c["config"].contains("mapping")) return;
    if (text_of(c["input"]).empty()) return;  // a blank line is no record
    const std::string pattern = c["config"]["mapping"]["message"].get<std::string>();
    const auto got = run("dissect " + in_quotes(pattern) + " infer=false", text_of(c["input"]));
    t.judge(pattern, c["expected"], got.at(0));
  });
  return {std::move(t)};
}

}  // namespace weir::conformance
