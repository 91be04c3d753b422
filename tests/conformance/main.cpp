// Runs the parsers on test cases from elsewhere and counts: passed, differing on purpose, failed.
//
//     conformance TABLE.md           fails if a case fails or the table is not true any more
//     conformance --write TABLE.md   writes the table
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "conformance/tally.hpp"

namespace {

using namespace weir::conformance;

std::vector<tally> all_sets() {
  std::vector<tally> all;
  for (const auto& family :
       {access_log_sets, csv_sets, dissect_sets, document_sets, grok_sets, headed_sets,
        journald_sets, json_sets, logfmt_sets, multiline_sets, named_format_sets, recognition_sets,
        regex_sets, security_event_sets, syslog_sets, time_sets}) {
    for (tally& t : family()) all.push_back(std::move(t));
  }
  return all;
}

std::size_t sum_of(const tally& t) {
  std::size_t sum = 0;
  for (const auto& [reason, count] : t.differing()) sum += count;
  return sum;
}

std::string table_of(const std::vector<tally>& sets) {
  std::string rows;
  std::string reasons;
  for (const tally& t : sets) {
    rows += "| " + t.set() + " | " + std::to_string(t.passed()) + " | " +
            std::to_string(sum_of(t)) + " | " + std::to_string(t.failures().size()) + " |\n";
    if (t.differing().empty()) continue;
    reasons += "\n**" + t.set() + "**\n\n";
    for (const auto& [reason, count] : t.differing()) {
      reasons += "- " + std::to_string(count) + ": " + reason + "\n";
    }
  }
  return "# Conformance\n\n"
         "Test cases of other projects and real logs, counted by `tests/conformance`, which writes "
         "this "
         "page and\nfails when it is not true any more. *Passed*: weir gives what is expected. "
         "*Differing*: it does not, on purpose,\nfor a reason given below. *Failed*: nothing "
         "explains it.\n\n"
         "| set | passed | differing | failed |\n|---|---|---|---|\n" +
         rows + "\n## Why cases differ\n" + reasons;
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int report_failures(const std::vector<tally>& sets) {
  int failed = 0;
  for (const tally& t : sets) {
    for (const std::string& f : t.failures()) {
      std::printf("%s: %s\n", t.set().c_str(), f.c_str());
      failed = 1;
    }
  }
  return failed;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string page = arguments[count - 1];
  if (!std::filesystem::exists(WEIR_DATA)) {
    std::printf("needs " WEIR_DATA ": see CONTRIBUTING.md\n");
    return std::getenv("CI") ? 1 : 77;
  }
  const std::vector<tally> sets = all_sets();
  const std::string table = table_of(sets);
  std::fputs(table.c_str(), stdout);
  if (count == 3 && std::strcmp(arguments[1], "--write") == 0) {
    std::ofstream(page, std::ios::binary) << table;
    return report_failures(sets);
  }
  const bool same = content_of(page) == table;
  if (!same)
    std::printf("%s is not true any more: cmake --build build --target write_docs\n", page.c_str());
  return report_failures(sets) | (same ? 0 : 1);
}
