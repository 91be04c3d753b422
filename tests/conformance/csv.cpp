#include <expected>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/tally.hpp"

namespace weir::conformance {
namespace {

constexpr std::string_view no_blank_records = "a blank line is no record";
constexpr std::string_view no_guessing = "the delimiter is an option, never guessed";
constexpr std::string_view lone_cr = "a lone CR ends no line";

std::string content_of(const std::string& file) {
  std::ifstream in(std::string{WEIR_DATA "/"} + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The rows of records that are called column1, column2, ...
json as_rows(const std::vector<json>& records) {
  json rows = json::array();
  for (const json& r : records) {
    json row = json::array();
    for (std::size_t i = 1; r.contains("column" + std::to_string(i)); ++i) {
      row.push_back(r["column" + std::to_string(i)]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

tally spectrum() {
  tally t("csv/csv-spectrum", {{"newlines_crlf", "the copy of the file here has lost its CRs"}});
  const std::filesystem::path folder = WEIR_DATA "/csv/csv-spectrum";
  for (const auto& entry : std::filesystem::directory_iterator(folder / "csvs")) {
    const std::string name = entry.path().stem().string();
    const json expected = json::parse(content_of("csv/csv-spectrum/json/" + name + ".json"));
    t.judge(name, expected, run("csv", content_of("csv/csv-spectrum/csvs/" + name + ".csv")));
  }
  return t;
}

/// Real tables: every record is taken.
tally real_tables() {
  tally t("csv/papaparse, csv/rust-csv: all records taken");
  expect_all_accepted(t, "csv", "csv/papaparse/utf-8-bom-sample.csv");
  expect_all_accepted(t, "csv header=no", "csv/rust-csv/smallpop-no-headers.csv");
  for (const char* file : {"smallpop.csv", "strange.csv", "uspop.csv"}) {
    expect_all_accepted(t, "csv", std::string{"csv/rust-csv/"} + file);
  }
  return t;
}

/// One that a pipeline's text can have: no control character but a tab.
bool is_one_character(const json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : std::string{};
  return text.size() == 1 && (text[0] >= ' ' || text[0] == '\t');
}

/// weir's options for those of PapaParse, or the one that it does not have.
std::expected<std::string, std::string> options_for(const json& c) {
  std::string stage = "csv lenient=true";
  const json none = json::object();
  const json& options = c.contains("options") ? c["options"] : none;
  bool header = false;
  for (const auto& [name, value] : options.items()) {
    if (name == "header") {
      header = value.get<bool>();
    } else if (name == "delimiter" && is_one_character(value)) {
      stage += " delimiter=" + in_quotes(value.get<std::string>());
    } else if (name == "quoteChar" && value.is_string()) {
      stage += " quote=" + in_quotes(value.get<std::string>());
    } else if (name == "comments") {
      stage += " comment=" + in_quotes(value.is_string() ? value.get<std::string>() : "#");
    } else if (name == "delimiter") {
      return std::unexpected("a delimiter is one character, no control character but a tab");
    } else if (name != "skipEmptyLines" || value == "greedy") {
      return std::unexpected("no option like " + name);
    }
  }
  return stage + (header ? "" : " header=no");
}

tally papaparse() {
  tally t("vectors/csv-papaparse.jsonl",
          {{"blank", no_blank_records},
           {"Blank", no_blank_records},
           {"One column input with empty fields", no_blank_records},
           {"Empty lines", no_blank_records},
           {"guess", no_guessing},
           {"slash r", lone_cr},
           {"first line only whitespace", no_blank_records},
           {"uplicate", "the second column of a name is called NAME_2, not NAME_1"},
           {"too many fields", "fields beyond the columns are called columnN"}});
  for_each_case("vectors/csv-papaparse.jsonl", [&](const json& c) {
    const auto stage = options_for(c);
    if (!stage) return t.leave_out(stage.error());
    const std::vector<json> records = run(*stage, text_of(c["input"]));
    const json& expected = c["expected"]["data"];
    const bool objects = !expected.empty() && expected[0].is_object();
    t.judge(c["test"].get<std::string>() + " " + c["input"].dump(), expected,
            objects ? json(records) : as_rows(records));
  });
  return t;
}

std::string joined(const json& names) {
  std::string all;
  for (const json& name : names) all += (all.empty() ? "" : ",") + name.get<std::string>();
  return all;
}

/// weir's options for those of Logstash, or the one that it does not have.
std::expected<std::string, std::string> options_of_logstash(const json& config) {
  std::string stage = "csv lenient=true header=no";
  for (const auto& [name, value] : config.items()) {
    if (name == "separator") {
      stage += " delimiter=" + in_quotes(value.get<std::string>());
    } else if (name == "quote_char") {
      const bool none = value == std::string(1, '\0') || value == "\\x00";
      stage += " quote=" + (none ? "none" : in_quotes(value.get<std::string>()));
    } else if (name == "columns") {
      stage += " columns=" + in_quotes(joined(value));
    } else if (name != "autogenerate_column_names") {
      return std::unexpected("no option like " + name);
    }
  }
  return stage;
}

tally logstash() {
  tally t("vectors/logstash-filter-csv.jsonl");
  for_each_case("vectors/logstash-filter-csv.jsonl", [&](const json& c) {
    const auto stage = options_of_logstash(c["config"]);
    if (!stage) return t.leave_out(stage.error());
    const std::vector<json> records = run(*stage, c["input"].get<std::string>());
    const json got = records.empty() ? json() : only(records[0], c["expected"]);
    t.judge(c["test"].get<std::string>(), c["expected"], got);
  });
  return t;
}

tally vrl() {
  tally t("vectors/vrl-csv.jsonl",
          {{"multiple_lines", "every line of the input is a record, not only the first"}});
  for_each_case("vectors/vrl-csv.jsonl", [&](const json& c) {
    if (c.contains("error")) return;  // an option that weir does not take either
    const bool blanks = c["input"] == "foo bar";
    const json rows = as_rows(run(std::string{"csv header=no"} + (blanks ? " delimiter=space" : ""),
                                  text_of(c["input"])));
    const json got = rows.empty() ? rows : rows.size() == 1 ? rows[0] : rows;
    t.judge(c["test"].get<std::string>(), c["expected"], got);
  });
  return t;
}

/// `a,b` of `a,b` or `["a","b"]`.
std::string names_of(const std::string& keys) {
  return keys.starts_with('[') ? joined(json::parse(keys)) : keys;
}

/// What is taken out of the record as its time stays a field here.
tally fluentd() {
  tally t("vectors/fluentd.jsonl: csv");
  for_each_case("vectors/fluentd.jsonl", [&](const json& c) {
    if (c["parser"] != "fluentd-csv") return;
    const std::string columns = names_of(c["config"]["keys"].get<std::string>());
    json expected = c.contains("expected") ? c["expected"] : c["expected_fields"];
    if (c.contains("time") && c["time"].is_object()) {
      expected[c["config"]["time_key"].get<std::string>()] = c["time"]["$time"];
    }
    const auto got = run("csv columns=" + in_quotes(columns), text_of(c["input"]));
    t.judge(c["input"].dump(), expected, got.empty() ? json(nullptr) : got[0]);
  });
  return t;
}

}  // namespace

std::vector<tally> csv_sets() {
  return {spectrum(), real_tables(), papaparse(), logstash(), vrl(), fluentd()};
}

}  // namespace weir::conformance
