#include "record/known_framings.hpp"

#include <algorithm>
#include <vector>

namespace weir {
namespace {

framing json_framing(std::string_view records, std::vector<std::string> copied = {}) {
  framing f{.how = framing::by::json, .copied = std::move(copied)};
  if (!records.empty()) f.records = parse_path(records);
  return f;
}

known_framing array_in(std::string_view name) {
  return {.name = name, .first_member = name, .array = name, .how = json_framing(name)};
}

known_framing otlp(std::string_view name, std::string_view first_member) {
  framing how = json_framing("resourceLogs.scopeLogs.logRecords", {"resource", "scope"});
  how.loose_names = true;
  return {.name = name, .first_member = first_member, .array = first_member, .how = how};
}

}  // namespace

std::span<const known_framing> known_framings() {
  static const std::vector<known_framing> all{
      {.name = "json", .first_member = {}, .array = {}, .how = json_framing({})},
      array_in("Records"),   // CloudTrail
      array_in("records"),   // Azure
      {.name = "logEvents",  // CloudWatch, as its subscriptions deliver
       .first_member = "messageType",
       .array = "logEvents",
       .how = json_framing("logEvents", {"owner", "logGroup", "logStream"})},
      otlp("otlp", "resourceLogs"),
      otlp("otlp of Fluent Bit", "resource_logs"),
      {.name = "windows_event",
       .first_member = {},
       .array = {},
       .how = {.how = framing::by::elements, .element = "Event"}},
      {.name = "syslog", .first_member = {}, .array = {}, .how = {.how = framing::by::octets}},
  };
  return all;
}

const known_framing* known_framing_called(std::string_view name) {
  const auto all = known_framings();
  const auto found = std::ranges::find(all, name, &known_framing::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace weir
