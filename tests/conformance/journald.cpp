#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

tally victoria_logs() {
  tally t("vectors/journald-export.jsonl",
          {{"MESSAGE\\n\\u0000\\u0000", "a field without content is an empty text, not left out"}});
  for_each_case("vectors/journald-export.jsonl", [&](const json& c) {
    json got = json::array();
    for (json r : run("journald", text_of(c["input"]))) {
      for (const char* name : {"__CURSOR", "__REALTIME_TIMESTAMP"}) r.erase(name);
      got.push_back(renamed(r, {{"MESSAGE", "_msg"}}));
    }
    const json nothing = json::array();
    t.judge(c["input"].dump(), c.contains("error") ? nothing : c["expected"], got);
  });
  return t;
}

}  // namespace

std::vector<tally> journald_sets() {
  return {victoria_logs()};
}

}  // namespace weir::conformance
