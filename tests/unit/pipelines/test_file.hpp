#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weir::test {

/// One file of tests/pipelines: a pipeline, what it reads, and what it must write and report.
///
///     == pipeline                 the text form
///     == yaml                     the same in YAML, optional: both must give one plan
///     == file NAME [base64|escaped]   an input; several of one name are put behind each other
///     == output NAME [escaped]    what a file must hold afterwards; dead.ndjson is the dead letter
///     == report                   members that the report must have, as JSON; bytes_in is one
///     == once                     counts depend on how the input falls into batches: run one way
///
/// A section's text ends with its last line break. `escaped` knows \n \r \t \0 \\ \xHH and drops
/// its own line breaks; `base64` is for what other programs have compressed.
struct test_file {
  std::string pipeline;
  std::string yaml;
  std::map<std::string, std::string> inputs;
  std::map<std::string, std::string> outputs;
  std::string report;
  bool once = false;
};

/// Throws std::runtime_error that names the line.
test_file read_test_file(const std::filesystem::path& path);

/// The `.test` files, sorted.
std::vector<std::filesystem::path> all_test_files();

std::string content_of(const std::filesystem::path& path);

}  // namespace weir::test
