#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "weir/error.hpp"
#include "weir/stream.hpp"

namespace weir {

/// What a run did, in short. `in = delivered + filtered + rejected` holds for every pipeline whose
/// stages neither split nor join records.
struct run_result {
  exit_code exit = exit_code::ok;
  bool complete = false;  ///< all of the input was seen to its end
  std::uint64_t in = 0;
  std::uint64_t delivered = 0;
  std::uint64_t filtered = 0;
  std::uint64_t rejected = 0;
  std::string error;   ///< why the run ended, if by an error
  std::string report;  ///< everything, as JSON: what `--report` writes
};

/// A pipeline for use in a program.
///
///     weir::pipeline errors{R"(from app.ndjson | json | where level = "ERROR")"};
///     errors.each([](weir::record& r) { return r.get("user").is_null() ? drop : keep; });
///     for (const weir::record& r : errors.records()) std::cout << r.text() << '\n';
///
/// Nothing is opened before the first record is asked for. A pipeline is used once: by `records`,
/// `batches` or `run`. One thread at a time; what it starts by itself it joins.
class pipeline {
 public:
  /// Reads the text form. Throws weir::error (exit_code::usage) with every fault, shown with its
  /// place.
  explicit pipeline(std::string_view text);
  /// Reads the YAML form; `name` is what messages call the file.
  static pipeline from_yaml(std::string_view yaml, std::string_view name = "pipeline.yaml");
  pipeline(pipeline&&) noexcept;
  pipeline& operator=(pipeline&&) noexcept;
  ~pipeline();

  /// Adds a stage of your own behind those of the text. It runs on the thread that reads, and may
  /// keep state. What it drops counts as filtered by `name`.
  pipeline& each(std::function<verdict(record&)> fn, std::string name = "each");
  /// The same for a function that depends on nothing but the record: lanes may call it at the same
  /// time.
  pipeline& each_in_lanes(std::function<verdict(record&)> fn, std::string name = "each");

  /// Threads for stateless stages; 0, the default, chooses by the size of the input.
  pipeline& lanes(std::size_t count);
  /// The ceiling for what the pipeline holds. Default 256 MiB.
  pipeline& memory(std::size_t bytes);

  /// The batches behind the last stage, lazily; the text's sink is not used. A batch is lent until
  /// the next step. Throws weir::error from a step if the input breaks; if one of several inputs
  /// cannot be read, the others are read first.
  generator<batch> batches();
  /// The records, one by one; each is lent until the next step.
  generator<const record> records();

  /// Runs to the end, into the text's sink (standard output if it names none). Does not throw for
  /// what goes wrong with input or output.
  run_result run();

 private:
  struct parts;
  explicit pipeline(std::shared_ptr<parts> made) noexcept;
  void add(std::function<verdict(record&)> fn, std::string name, bool stateless);

  std::shared_ptr<parts> parts_;
};

}  // namespace weir
