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

/// Where writing begins: a regular file is emptied or continued, anything else has no beginning.
io_result<std::uint64_t> prepare(file& opened, bool append) {
  const auto status = opened.status();
  if (!status) return std::unexpected(status.error());
  if (status->is != file_status::kind::regular) return 0;
  const std::uint64_t start_bytes = append ? status->size : 0;
  if (!append) {
    if (const auto cut = opened.truncate(0); !cut) return std::unexpected(cut.error());
  }
  if (const auto moved = opened.seek(start_bytes); !moved) return std::unexpected(moved.error());
  return start_bytes;
}

/// One file, written in place.
class plain_file final : public sink {
 public:
  explicit plain_file(file_options options)
      : options_(std::move(options)), format_(line_format_named(options_.format)) {}

  void open(const context& with) override {
    const std::string& path = options_.path;
    files_ = with.files;
    is_new_ = !files_->status(path);
    auto opened = files_->open(path, open_for::writing);
    if (!opened) throw_cannot_open(path, opened.error());
    const auto start_bytes = prepare(**opened, options_.append);
    if (!start_bytes) throw_cannot_open(path, start_bytes.error());
    out_.emplace(path, std::move(*opened), *start_bytes);
  }

  delivery write(const batch& records) override {
    out_->mark();
    delivery done = write_lines(records, format_, *out_);
    if (!done && out_->disk_full() && out_->undo()) {
      done.error().what = delivery_error::kind::refused;
    }
    return done;
  }
  delivery commit() override {
    if (const delivery done = out_->commit(); !done) return done;
    if (!std::exchange(is_new_, false)) return {};
    return sync_directory_of(*files_, options_.path);
  }
  delivery close() override { return out_->close(); }
  std::string guarantee() const override { return "at least once; synced to disk at each commit"; }

 private:
  file_options options_;
  line_format format_;
  disk* files_ = nullptr;
  bool is_new_ = false;  ///< its name is not known to be durable
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
