// Tables whose header names the columns.
#include <cmath>
#include <filesystem>

#include "base/time.hpp"
#include "conformance/tally.hpp"
#include "weir/pipeline.hpp"

namespace weir::conformance {
namespace {

/// The records that `steps` make of a file of the shared data.
std::vector<json> records_of(const std::string& file, const std::string& steps) {
  std::vector<json> all;
  pipeline p("from \"" WEIR_DATA "/" + file + "\" | " + steps);
  for (const batch& b : p.lanes(1).batches()) {
    for (const record& r : b) {
      std::string text;
      r.write(text);
      all.push_back(json::parse(text));
    }
  }
  return all;
}

/// Zeek's JSON has times as texts, to the microsecond, where its tables have numbers.
bool same_time(const json& text, const json& number) {
  if (!text.is_string() || !number.is_number()) return false;
  const auto ns = parse_time(text.get<std::string>());
  return ns &&
         std::llround(static_cast<double>(*ns) / 1e3) == std::llround(number.get<double>() * 1e6);
}

/// Doubles are rounded to six digits behind the point in tables.
bool same_number(const json& exact, const json& rounded) {
  return exact.is_number() && rounded.is_number() &&
         std::abs(exact.get<double>() - rounded.get<double>()) <= 5.1e-7;
}

/// `expected` of Zeek's JSON in the terms of its tables, as far as `got` says the same.
json in_terms_of(const json& got, json expected) {
  expected.erase("_path");
  expected.erase("_write_ts");
  for (auto& [name, value] : expected.items()) {
    if (!got.contains(name)) continue;
    if (same_time(value, got[name]) || same_number(value, got[name])) value = got[name];
  }
  return expected;
}

tally zeek_log(const std::string& name, std::vector<difference> known) {
  tally t("zeek/sample: " + name + ", against Zeek's JSON", std::move(known));
  const auto got = records_of("zeek/sample/zeek-default/" + name + ".log.gz", "zeek");
  const auto expected = records_of("zeek/sample/zeek-json/" + name + ".json.gz", "json");
  t.judge("number of records", expected.size(), got.size());
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    t.judge(expected[i].dump(), in_terms_of(got[i], expected[i]), got[i]);
  }
  return t;
}

std::vector<tally> zeek_logs() {
  std::vector<tally> all;
  for (const char* name :
       {"analyzer", "capture_loss", "kerberos", "modbus", "notice", "ntlm", "ntp", "ocsp",
        "packet_filter", "smtp", "snmp", "software", "stats", "x509"}) {
    all.push_back(zeek_log(name, {}));
  }
  return all;
}

tally zeek_of_otrf() {
  tally t("zeek/otrf-lsass05: all records taken");
  const std::string folder = "zeek/otrf-lsass05";
  for (const auto& file : std::filesystem::directory_iterator(WEIR_DATA "/" + folder)) {
    const std::string name = folder + "/" + file.path().filename().string();
    std::size_t lines = 0;
    for (const std::string& line : lines_of_file(name)) lines += !line.starts_with('#');
    t.judge(name, lines, records_of(name, "zeek").size());
  }
  return t;
}

tally vpc_flow_of_vrl() {
  tally t("vectors/vrl-aws.jsonl: VPC flow logs");
  for_each_case("vectors/vrl-aws.jsonl", [&](const json& c) {
    if (c["parser"] != "parse_aws_vpc_flow_log" || !c.contains("expected")) return;
    std::string fields;
    if (c.contains("options") && c["options"].contains("format"))
      fields = c["options"]["format"].get<std::string>();
    if (c.contains("program")) {
      const std::string program = c["program"].get<std::string>();
      const std::size_t end = program.rfind('"');
      const std::size_t begin = program.rfind('"', end - 1) + 1;
      if (!program.substr(begin, end - begin).starts_with("2 "))
        fields = program.substr(begin, end - begin);
    }
    const std::string input = c["input"].get<std::string>();
    json expected = c["expected"];
    for (auto field = expected.begin(); field != expected.end();) {  // null: missing
      field = field->is_null() ? expected.erase(field) : std::next(field);
    }
    const auto got = run(fields.empty() ? "vpc_flow" : "vpc_flow " + in_quotes(fields), input);
    t.judge(c["test"].get<std::string>() + input, expected, got.empty() ? json() : got[0]);
  });
  return t;
}

/// An object as AWS delivers it: a header, and records without more than it names.
tally vpc_flow_object() {
  tally t("cloud/vpc-flow/valid_vpc_flow_log_multi.log: vpc_flow");
  const std::string file = "cloud/vpc-flow/valid_vpc_flow_log_multi.log";
  const auto lines = lines_of_file(file);
  const auto got = records_of(file, "vpc_flow");
  t.judge("number of records", lines.size() - 1, got.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    std::string line;  // joined again in the header's order
    std::string name;
    for (const char c : lines[0] + " ") {
      if (c != ' ') {
        name += c == '-' ? '_' : c;
        continue;
      }
      const json& value = got[i][name];
      line +=
          (line.empty() ? "" : " ") + (value.is_string() ? value.get<std::string>() : value.dump());
      name.clear();
    }
    t.judge(lines[i + 1], lines[i + 1], line);
  }
  return t;
}

tally cloudfront() {
  tally t("s3-objects/logstash-input-s3/cloudfront.log: w3c");
  const std::string file = "s3-objects/logstash-input-s3/cloudfront.log";
  const auto got = records_of(file, "w3c");
  t.judge("number of records", lines_of_file(file).size() - 2, got.size());
  for (const json& r : got) {
    t.judge(r.dump(), true, r["timestamp"].get<std::string>().starts_with("2010-03-12T23:51:2"));
  }
  return t;
}

}  // namespace

std::vector<tally> headed_sets() {
  std::vector<tally> all = zeek_logs();
  all.push_back(zeek_of_otrf());
  all.push_back(vpc_flow_of_vrl());
  all.push_back(vpc_flow_object());
  all.push_back(cloudfront());
  return all;
}

}  // namespace weir::conformance
