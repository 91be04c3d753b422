// Times by explicit formats.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

/// The texts in quotes behind `match =>`, up to the closing bracket: a field and formats.
std::vector<std::string> match_of(const std::string& config) {
  std::vector<std::string> out;
  const std::size_t begin = config.find("match =>");
  const std::size_t end = config.find(']', begin);
  for (std::size_t at = config.find('"', begin); at < end; at = config.find('"', at + 1)) {
    const std::size_t close = config.find('"', at + 1);
    out.push_back(config.substr(at + 1, close - at - 1));
    at = close;
  }
  return out;
}

/// A format of Joda-Time as weir spells it.
std::string strptime_of(std::string_view joda) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> tokens{{{"yyyy", "%Y"},
                                                                                  {"MMMM", "%B"},
                                                                                  {"MMM", "%b"},
                                                                                  {"MM", "%m"},
                                                                                  {"dd", "%d"},
                                                                                  {"EEE", "%a"},
                                                                                  {"HH", "%H"},
                                                                                  {"mm", "%M"},
                                                                                  {"ss", "%S"},
                                                                                  {"Z", "%z"}}};
  std::string out;
  while (!joda.empty()) {
    const auto token =
        std::ranges::find_if(tokens, [joda](const auto& t) { return joda.starts_with(t.first); });
    out += token == tokens.end() ? joda.substr(0, 1) : token->second;
    joda.remove_prefix(token == tokens.end() ? 1 : token->first.size());
  }
  return out;
}

/// The expression that reads `field` as one of the formats of the case says.
std::string expression_for(const std::vector<std::string>& match) {
  const std::string field = "`" + match[0] + "`";
  std::string all;
  for (std::size_t i = 1; i < match.size(); ++i) {
    all += i > 1 ? ", " : "coalesce(";
    if (match[i] == "ISO8601") {
      all += "to_time(" + field + ")";
    } else if (match[i] == "UNIX") {
      all += "from_unix(to_float(" + field + "))";
    } else if (match[i] == "UNIX_MS") {
      all += "from_unix_ms(to_float(" + field + "))";
    } else {
      all += "parse_time(" + field + ", " + in_quotes(strptime_of(match[i])) + ")";
    }
  }
  return all + ")";
}

tally logstash() {
  tally t("vectors/logstash-filter-date.jsonl",
          {{"with timezone", "zones are offsets and names that mean one thing, not regions"},
           {"juillet", "months have their English names"},
           {"1478207457.456", "a number of seconds is a float: 90 ns too many"},
           {"1350414944.123456", "microseconds are kept"}});
  for_each_case("vectors/logstash-filter-date.jsonl", [&](const json& c) {
    if (!c["config"].is_string()) return t.leave_out("events that were cancelled are Logstash's");
    const std::vector<std::string> match = match_of(c["config"].get<std::string>());
    if (match.size() < 2) return t.leave_out("TAI64N is no format");
    const bool fails = c["test"].get<std::string>().find("failing to parse") != std::string::npos;
    if (!fails && (!c.contains("expected") || !c["expected"].contains("@timestamp"))) {
      return t.leave_out("it checks tags only, or a year that depends on when it runs");
    }
    const json record = c["input"].is_object() ? c["input"] : json{{match[0], c["input"]}};
    const auto got = run("json | set got = " + expression_for(match), record.dump());
    const json time = got.empty() || !got[0].contains("got") ? json() : got[0]["got"];
    if (fails) return t.judge(record.dump(), json(), time);
    const json& wanted = c["expected"]["@timestamp"];
    const auto same = run("json | set same = to_time(a) = to_time(b)",
                          json{{"a", time}, {"b", wanted.value("$time", "")}}.dump());
    t.judge(c["test"].get<std::string>() + record.dump(), true, same[0]["same"] == true);
  });
  return t;
}

}  // namespace

std::vector<tally> time_sets() {
  return {logstash()};
}

}  // namespace weir::conformance
