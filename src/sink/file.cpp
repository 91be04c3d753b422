#include "sink/file.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sink/line_format.hpp"
#include "sink/output.hpp"
#include "sink/sinks.hpp"
#include "sink/stdout.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// One file, written in place.
class plain_file final : public sink {
 public:
  explicit plain_file(file_options options)
      : options_(std::move(options)), format_(line_format_named(options_.format)) {}

  void open(const context& with) override {
    out_.emplace(output::in_place(*with.files, options_.path, options_.append));
  }
  delivery write(const batch& records) override {
    out_->begin_batch();
    return out_->end_batch(write_lines(records, format_, *out_));
  }
  delivery commit() override { return out_->commit(); }
  delivery close() override { return out_->close(); }
  std::string guarantee() const override { return "at least once; synced to disk at each commit"; }

 private:
  file_options options_;
  line_format format_;
  std::optional<output> out_;
};

}  // namespace

std::unique_ptr<sink> make_file_sink(const file_options& options) {
  if (options.path == "-") return make_stdout_sink({.format = options.format});
  return std::make_unique<plain_file>(options);
}

component file_sink() {
  return declare<file_options>(component::role::sink, "file",
                               "Write the records to a file, one JSON object a line.")
      .describe(
          "A plain path is written in place: it is emptied first, as `>` does, unless append=true. "
          "FIFOs and devices are written as they are. The records of a batch can be read by others "
          "as soon as the batch was written.")
      .option("path", &file_options::path, "File to write; - is standard output.", required)
      .option("format", &file_options::format, "How a record is written.",
              {.choices = line_format_names()})
      .option("append", &file_options::append, "Continue the file instead of emptying it.")
      .example("Keep the errors",
               "from app.ndjson | json | where level = \"ERROR\" | to errors.ndjson")
      .makes([](const file_options& options, reporter&) -> product {
        return make_file_sink(options);
      });
}

}  // namespace weir
