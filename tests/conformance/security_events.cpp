#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

/// Every value as text, as the other projects give it.
json texts(const json& record) {
  if (!record.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    out[name] = value.is_string() ? value : json(value.dump());
  }
  return out;
}

json first_of(const std::vector<json>& records) {
  return records.empty() ? json(nullptr) : records[0];
}

json without_empty(const json& record) {
  if (!record.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    if (value != "") out[name] = value;
  }
  return out;
}

tally vrl_cef() {
  tally t("vectors/vrl-cef.jsonl",
          {{"Suspected credentials theft|8|suser=mike2@prod1.domain.com cn1=",
            "labels are fields of their own, not the names of others"},
           {"theft|8|cfp1=1.23", "a label may be missing"}});
  for_each_case("vectors/vrl-cef.jsonl", [&](const json& c) {
    const std::string input = text_of(c["input"]);
    const json expected = c.contains("error") ? json(nullptr) : without_empty(c["expected"]);
    t.judge(c["input"].dump(), expected, only(texts(first_of(run("cef", input))), expected));
  });
  return t;
}

/// What Logstash calls the keys of the extension.
const std::map<std::string, std::string> logstash_names{{"src", "sourceAddress"},
                                                        {"dst", "destinationAddress"},
                                                        {"spt", "sourcePort"},
                                                        {"dpt", "destinationPort"},
                                                        {"msg", "message"},
                                                        {"shost", "sourceHostName"},
                                                        {"dhost", "destinationHostName"},
                                                        {"amac", "agentMacAddress"},
                                                        {"proto", "transportProtocol"},
                                                        {"outcome", "eventOutcome"},
                                                        {"dvchost", "deviceHostName"},
                                                        {"rt", "deviceReceiptTime"},
                                                        {"dtz", "deviceTimeZone"},
                                                        {"request", "requestUrl"},
                                                        {"cs1Label", "deviceCustomString1Label"},
                                                        {"cat", "deviceEventCategory"},
                                                        {"suser", "sourceUserName"},
                                                        {"prefix", "syslog"}};

tally logstash_cef() {
  tally t("vectors/logstash-codec-cef.jsonl",
          {{"ad.field[0]=", "keys with an index stay as they are spelled"},
           {"not equals-separated", "a line that is no CEF is rejected"},
           {"bananas", "a line that is no CEF is rejected"},
           {"$base64", "invalid UTF-8 is rejected"}});
  for_each_case("vectors/logstash-codec-cef.jsonl", [&](const json& c) {
    if (c["ecs"] != "disabled") return t.leave_out("keys keep CEF's names, not those of ECS");
    if (c["config"].contains("raw_data_field")) return t.leave_out("no option like raw_data_field");
    const std::string input = text_of(c["input"]);
    const json got = renamed(texts(first_of(run("cef", input))), logstash_names);
    const json expected = without_empty(c["expected"]);
    t.judge(c["input"].dump(), expected, only(got, expected));
  });
  return t;
}

tally all_of(const std::string& file, const std::string& stage,
             std::vector<difference> known = {}) {
  tally t(file + ": " + stage, std::move(known));
  expect_all_accepted(t, stage, file);
  return t;
}

}  // namespace

std::vector<tally> security_event_sets() {
  return {
      vrl_cef(),
      logstash_cef(),
      all_of("crowdsec/cef-logs/cef-logs.log", "cef", {{"\"0|Ubiquiti|", "CEF begins with CEF:"}}),
      all_of("crowdsec/auditd-logs/auditd-logs.log", "auditd"),
      all_of("auditd/otrf/sh_arp_cache_2020-11-10074812.log", "auditd"),
      all_of("auditd/go-libaudit/auparse/audit-rhel7.log", "auditd",
             {{"msg=?", "a time and a serial are asked for"}})};
}

}  // namespace weir::conformance
