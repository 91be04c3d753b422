// Formats that are not lines: JSON documents, OTLP and Windows events in XML.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/tally.hpp"
#include "weir/pipeline.hpp"

namespace weir::conformance {
namespace {

std::string content_of(const std::string& file) {
  std::ifstream in(std::string{WEIR_DATA "/"} + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The files of a folder of the shared data, in order.
std::vector<std::string> files_in(const std::string& folder, std::string_view ending) {
  std::vector<std::string> all;
  for (const auto& f : std::filesystem::directory_iterator(std::string{WEIR_DATA "/"} + folder)) {
    const std::string name = f.path().filename().string();
    if (name.ends_with(ending)) all.push_back(folder + "/" + name);
  }
  std::ranges::sort(all);
  return all;
}

/// All values of a text, by another parser.
std::vector<json> values_in(const std::string& text) {
  std::vector<json> all;
  std::size_t from = 0;
  while ((from = text.find_first_not_of(" \t\r\n", from)) != text.npos) {
    std::size_t end = text.size();
    for (std::size_t close = from; close < text.size(); ++close) {
      if (text[close] != '}' && text[close] != ']') continue;
      if (!json::accept(text.substr(from, close + 1 - from))) continue;
      end = close + 1;
      break;
    }
    all.push_back(json::parse(text.substr(from, end - from)));
    from = end;
  }
  return all;
}

void judge_all(tally& t, const std::string& file, const std::vector<json>& expected,
               const std::vector<json>& got) {
  const std::size_t count = std::max(expected.size(), got.size());
  for (std::size_t i = 0; i < count; ++i) {
    t.judge(file + " " + std::to_string(i), i < expected.size() ? expected[i] : json("no record"),
            i < got.size() ? got[i] : json("no record"));
  }
}

tally records_at(std::string set, const std::vector<std::string>& files, const std::string& stage,
                 const std::string& member) {
  tally t(std::move(set));
  for (const std::string& f : files) {
    const json document = json::parse(content_of(f));
    judge_all(t, f, document[member].get<std::vector<json>>(), run(stage, content_of(f)));
  }
  return t;
}

std::vector<std::string> trails() {
  std::vector<std::string> files = files_in("cloud/cloudtrail", ".json");
  // One of them has an event a line.
  std::erase_if(files, [](const std::string& f) { return f.contains("exfiltration"); });
  return files;
}

tally cloudwatch() {
  const std::string file = "cloud/cloudwatch/multiple_json_objects.json";
  tally t(file + ": auto");
  std::vector<json> expected;
  for (const json& document : values_in(content_of(file))) {
    for (json event : document["logEvents"]) {
      for (const char* const name : {"owner", "logGroup", "logStream"})
        event[name] = document[name];
      expected.push_back(event);
    }
  }
  judge_all(t, file, expected, run("auto", content_of(file)));
  return t;
}

/// Arrays of objects, and objects over many lines, as `auto` reads them.
tally arrays_and_objects() {
  std::vector<std::string> files = files_in("csv/csv-spectrum/json", ".json");
  for (const std::string& f : files_in("cloud/k8s-audit", ".json")) files.push_back(f);
  files.insert(files.end(), {"object-store/azure-sharedkey.json", "sigv4/s3-doc-examples.json",
                             "events/angle-grinder/angle_grinder_releases.json",
                             "json/fluent-bit-pack/json_single_map_002.json"});
  tally t("JSON arrays and objects of csv-spectrum, k8s-audit and others: auto");
  for (const std::string& f : files) {
    std::vector<json> expected;
    for (const json& value : values_in(content_of(f))) {
      const bool is_array = value.is_array();
      for (const json& record : is_array ? value : json::array({value})) expected.push_back(record);
    }
    std::erase_if(expected, [](const json& v) { return !v.is_object(); });
    judge_all(t, f, expected, run("auto", content_of(f)));
  }
  return t;
}

bool is_clean(const std::string& path) {
  const run_result r = pipeline("from \"" + path + "\" | json documents=true | to null").run();
  return r.delivered > 0 && r.rejected == 0;
}

/// Every document with a record that is to be accepted is, every malformed one has a reject.
tally json_test_suite() {
  tally t("json/JSONTestSuite: json documents=true");
  for (const std::string& f : files_in("json/JSONTestSuite/test_parsing", ".json")) {
    const std::string name = std::filesystem::path(f).filename().string();
    const std::string path = std::string{WEIR_DATA "/"} + f;
    const bool is_good = name.starts_with("y_") && content_of(f).starts_with('{');
    if (is_good || name.starts_with("n_")) t.judge(name, is_good, is_clean(path));
  }
  return t;
}

/// A value of OTLP without its wrapping.
json plain(const json& wrapped);

json plain_pairs(const json& list) {
  json out = json::object();
  for (const json& pair : list) out[pair["key"].get<std::string>()] = plain(pair["value"]);
  return out;
}

json plain(const json& wrapped) {
  for (const auto& [type, v] : wrapped.items()) {
    if (type == "intValue") return std::stoll(v.get<std::string>());
    if (type == "kvlistValue") return plain_pairs(v["values"]);
    if (type != "arrayValue") return v;
    json out = json::array();
    for (const json& e : v["values"]) out.push_back(plain(e));
    return out;
  }
  return nullptr;
}

std::string without_underscores(std::string text) {
  static const std::vector<std::pair<std::string, std::string>> names{
      {"resource_logs", "resourceLogs"},     {"scope_logs", "scopeLogs"},
      {"log_records", "logRecords"},         {"time_unix_nano", "timeUnixNano"},
      {"severity_number", "severityNumber"}, {"severity_text", "severityText"},
      {"string_value", "stringValue"}};
  for (const auto& [from, to] : names) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos;)
      text.replace(at, from.size(), to);
  }
  return text;
}

json plain_holder(json holder) {
  if (holder.contains("attributes")) holder["attributes"] = plain_pairs(holder["attributes"]);
  return holder;
}

tally otlp() {
  tally t("otlp: logs of opentelemetry-proto and Fluent Bit");
  for (const char* const file :
       {"otlp/opentelemetry-proto/logs.json", "otlp/opentelemetry-proto/events.json",
        "otlp/fluent-bit/test_logs_001.in.json"}) {
    std::vector<json> expected;
    const json document = json::parse(without_underscores(content_of(file)));
    for (const json& r : document["resourceLogs"]) {
      for (const json& s : r["scopeLogs"]) {
        for (json record : s["logRecords"]) {
          for (const char* const time : {"timeUnixNano", "observedTimeUnixNano"}) {
            if (record.contains(time)) record[time] = std::stoll(record[time].get<std::string>());
          }
          if (record.contains("body")) record["body"] = plain(record["body"]);
          if (record.contains("attributes"))
            record["attributes"] = plain_pairs(record["attributes"]);
          if (r.contains("resource")) record["resource"] = plain_holder(r["resource"]);
          if (s.contains("scope")) record["scope"] = plain_holder(s["scope"]);
          expected.push_back(record);
        }
      }
    }
    judge_all(t, file, expected, run("otlp", content_of(file)));
    judge_all(t, std::string{file} + " auto", expected, run("auto", content_of(file)));
  }
  return t;
}

json as_text(const json& v) {
  if (v.is_string()) return v;
  return v.is_null() ? json("") : json(v.dump());
}

/// An event as another program rendered it, in weir's shape.
json event_of(const json& rendered) {
  json out = json::object();
  const json& event = rendered["Event"];
  for (const auto& [name, v] : event["System"].items()) {
    if (v.is_null()) continue;
    const bool has_attributes = v.is_object() && v.contains("#attributes");
    if (name == "TimeCreated") {
      out[name] = v["#attributes"]["SystemTime"];
    } else if (name == "EventID" && has_attributes) {
      out["Qualifiers"] = as_text(v["#attributes"]["Qualifiers"]);
      out[name] = as_text(v["#text"]);
    } else if (has_attributes) {
      for (const auto& [key, a] : v["#attributes"].items()) out[name][key] = as_text(a);
    } else {
      out[name] = as_text(v);
    }
  }
  if (!event["EventData"].is_object()) return out;
  for (const auto& [name, v] : event["EventData"].items()) {
    if (name == "Data")
      out["EventData"][name] = v["#text"];
    else
      out["EventData"][name] = as_text(v);
  }
  return out;
}

json in_texts(const json& record) {
  json out = json::object();
  for (const auto& [name, v] : record.items()) {
    if (name != "level") out[name] = v.is_object() ? v : as_text(v);
  }
  return out;
}

tally windows() {
  tally t("windows/evtx: XML as its JSON, by auto");
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"sample.xml", "sample.json"},
      {"sample_with_event_data_with_attributes_and_text.xml",
       "sample_with_event_data_with_attributes_and_text.json"},
      {"with_multiple_data_elements.json", "with_multiple_data_elements-2.json"}};
  for (const auto& [xml, rendered] : pairs) {
    std::vector<json> got;
    for (const json& r : run("auto", content_of("windows/evtx/" + xml))) got.push_back(in_texts(r));
    judge_all(t, xml, {event_of(json::parse(content_of("windows/evtx/" + rendered)))}, got);
  }
  return t;
}

tally other_events() {
  tally t("windows/evtx, windows/xml: all events taken");
  std::vector<std::string> files = files_in("windows/evtx", ".xml");
  files.push_back("windows/xml/xmlSampleUserData.xml");
  for (const std::string& f : files) {
    const auto got = run("windows_event", content_of(f));
    t.judge(f, 1, got.size() == 1 && got[0].contains("TimeCreated") ? 1 : 0);
  }
  return t;
}

}  // namespace

std::vector<tally> document_sets() {
  std::vector<tally> all;
  all.push_back(records_at("cloud/cloudtrail: Records of 20 files", trails(),
                           "json records=Records", "Records"));
  all.push_back(records_at("cloud/cloudtrail: auto", trails(), "auto", "Records"));
  all.push_back(records_at("cloud/azure: auto", {"cloud/azure/azure_diagnostic_settings.json"},
                           "auto", "records"));
  all.push_back(cloudwatch());
  all.push_back(arrays_and_objects());
  all.push_back(json_test_suite());
  all.push_back(otlp());
  all.push_back(windows());
  all.push_back(other_events());
  return all;
}

}  // namespace weir::conformance
