#include "sink/stdout.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "sink/line_format.hpp"
#include "sink/output.hpp"
#include "sink/pretty.hpp"
#include "sink/sinks.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

std::string_view environment(const char* name) {
  const char* const found = std::getenv(name);
  return found == nullptr ? std::string_view{} : found;
}

/// As https://no-color.org has it, and for terminals without colours.
bool wants_color() {
  return environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

class standard_output final : public sink {
 public:
  standard_output(stdout_options options, int descriptor)
      : options_(std::move(options)), descriptor_(descriptor) {}

  void open(const context& with) override {
    out_.emplace("stdout", inherited_output(descriptor_), with);
    const bool terminal = ::isatty(descriptor_) == 1;
    const bool automatic = options_.format == "auto";
    if (options_.format == "pretty" || (automatic && terminal)) {
      pretty_.emplace(options_.color == "always" ||
                      (options_.color == "auto" && terminal && wants_color()));
    } else {
      lines_ = record_lines(line_format_named(options_.format));
    }
  }

  delivery write(const batch& records) override {
    if (!pretty_) return write_lines(records, lines_, *out_);
    return write_each(records, *out_,
                      [this](const record& r, std::string& line) { pretty_->write(r, line); });
  }
  delivery close() override { return out_->close(); }
  bool takes_any_text() const noexcept override {
    return pretty_ || lines_.format() == line_format::text;
  }
  std::string guarantee() const override { return "best effort: what was written is counted"; }

 private:
  stdout_options options_;
  int descriptor_;
  record_lines lines_{line_format::ndjson};
  std::optional<pretty> pretty_;
  std::optional<output> out_;
};

}  // namespace

std::unique_ptr<sink> make_stdout_sink(const stdout_options& options, int descriptor) {
  return std::make_unique<standard_output>(options, descriptor);
}

component stdout_sink() {
  return declare<stdout_options>(component::role::sink, "stdout",
                                 "Write the records to standard output.")
      .describe(
          "A terminal gets a view for people, with control characters escaped; anything else gets "
          "one JSON object a line. If the reader goes away, the run ends quietly.")
      .option("format", &stdout_options::format, "How a record is written.",
              {.choices = {"auto", "ndjson", "pretty", "text", "csv"}})
      .option("color", &stdout_options::color,
              "Colours in the pretty format: auto means on a terminal, unless NO_COLOR is set.",
              {.choices = {"auto", "always", "never"}})
      .example("The view for people, also when piped",
               "from app.ndjson | json | to stdout format=pretty color=never")
      .makes([](const stdout_options& options, reporter&) -> product {
        return make_stdout_sink(options);
      });
}

}  // namespace weir
