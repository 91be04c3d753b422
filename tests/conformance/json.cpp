#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

/// A text, or its bytes as numbers.
std::string bytes_of(const json& input) {
  if (input.is_string()) return input.get<std::string>();
  std::string out;
  for (const json& byte : input) out += static_cast<char>(byte.get<int>());
  return out;
}

tally vrl() {
  tally t("vectors/vrl-json.jsonl", {{"doc: Parse JSON integer", "a record is an object"},
                                     {"doc: Parse JSON float", "a record is an object"},
                                     {"doc: Parse JSON boolean", "a record is an object"},
                                     {"no_roundtrip", "numbers keep all of their digits"}});
  for_each_case("vectors/vrl-json.jsonl", [&](const json& c) {
    const bool depth = c["test"].get<std::string>().find("max_depth") != std::string::npos;
    if (depth && !c["test"].get<std::string>().starts_with("invalid_json")) {
      return t.leave_out("what lies deeper than max_depth is rejected, not left as text");
    }
    const auto records = run("json", bytes_of(c["input"]));
    t.judge(c["test"].get<std::string>(), c.contains("error") ? json(nullptr) : c["expected"],
            records.empty() ? json(nullptr) : records[0]);
  });
  return t;
}

}  // namespace

std::vector<tally> json_sets() {
  return {vrl()};
}

}  // namespace weir::conformance
