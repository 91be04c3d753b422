#include "sink/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sink/compression.hpp"
#include "sink/line_format.hpp"
#include "sink/output.hpp"
#include "sink/parts.hpp"
#include "sink/sinks.hpp"
#include "sink/stdout.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// One file, written in place.
class plain_file final : public sink {
 public:
  plain_file(std::string path, record_lines lines, compression stored, bool append)
      : path_(std::move(path)), lines_(std::move(lines)), stored_(stored), append_(append) {}

  void open(const context& with) override {
    out_.emplace(output::in_place(with, path_, append_, make_packer(stored_)));
    if (lines_.table()) lines_.table()->set_begun(out_->end_bytes() > 0);
  }
  std::uint64_t resume(const context& with, const sink_memory& memory) override {
    if (memory.token.empty()) {
      refuse_unknown(*with.files);
      open(with);
    } else {
      const std::uint64_t length_bytes = length_in(memory.token);
      out_.emplace(output::continued(with, path_, length_bytes, make_packer(stored_)));
      if (lines_.table() && length_bytes > 0) {
        lines_.table()->continue_behind(columns_in(memory.token));
      }
    }
    return memory.last.entry;
  }
  delivery write(const batch& records) override {
    out_->begin_batch();
    delivery done = out_->end_batch(write_lines(records, lines_, *out_));
    // What a full disk had no room for has been taken back, perhaps with the header.
    const bool undone = !done && out_->lines_taken() == 0;
    if (undone && lines_.table()) lines_.table()->set_begun(out_->end_bytes() > 0);
    return done;
  }
  std::expected<prepared, delivery_error> prepare() override {
    if (const delivery done = out_->commit(); !done) return std::unexpected(done.error());
    if (!out_->is_regular()) return prepared{};
    std::string token = std::to_string(out_->end_bytes());
    if (lines_.table()) token += ' ' + lines_.table()->columns();
    return prepared{.token = std::move(token), .refused = {}};
  }
  delivery close() override { return out_->close(); }
  bool counts_once_closed() const noexcept override { return stored_.as != codec::none; }
  bool takes_any_text() const noexcept override { return lines_.format() == line_format::text; }
  std::vector<std::string> files() const override { return {path_}; }
  std::string guarantee() const override {
    return "exactly once with --state: cut back to the committed length after a crash";
  }

 private:
  /// What a state does not know may be somebody else's work.
  void refuse_unknown(disk& files) const {
    const auto status = files.status(path_);
    if (append_ || !status || status->is != file_status::kind::regular || status->size == 0) return;
    throw error(exit_code::usage, path_ + ": holds data that the state does not know",
                "remove it, or continue it with append=true");
  }
  static std::string_view columns_in(std::string_view token) {
    return token.substr(std::min(token.find(' '), token.size()));
  }
  std::uint64_t length_in(const std::string& token) const {
    std::uint64_t length_bytes = 0;
    const char* const end = token.data() + std::min(token.find(' '), token.size());
    if (std::from_chars(token.data(), end, length_bytes).ptr != end) {
      throw error(exit_code::io, path_ + ": the state's \"" + token + "\" is no length");
    }
    return length_bytes;
  }

  std::string path_;
  record_lines lines_;
  compression stored_;
  bool append_;
  std::optional<output> out_;
};

/// CSV by the ending of the name, before that of the compression.
std::string format_of(const file_sink_options& options) {
  if (options.format != "auto") return options.format;
  std::string_view name = options.path;
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name.remove_suffix(packed.size());
  }
  return name.ends_with(".csv") ? "csv" : "ndjson";
}

/// What the options say of a table. Throws weir::error (usage) if they contradict each other.
void check_table(const file_sink_options& options) {
  const bool csv = format_of(options) == "csv";
  if (!csv && !options.columns.empty())
    throw error(exit_code::usage, "`columns` are for format=csv");
  if (csv && options.append && options.columns.empty()) {
    throw error(exit_code::usage, "a table that goes on needs its `columns`",
                "name those that the file has: columns=time columns=level");
  }
  if (const auto bad = csv_rows::find_bad(options.columns))
    throw error(exit_code::usage, "`" + *bad + "` is no field", "a path such as user.name");
}

parts_plan plan_of(const file_sink_options& options, name_template names) {
  parts_plan plan{.names = std::move(names),
                  .format = line_format_named(format_of(options)),
                  .columns = options.columns,
                  .stored = compression_of(options.path, options.compress, options.level),
                  .append = options.append};
  if (options.rotate_bytes) plan.part_bytes = options.rotate_bytes->bytes;
  if (options.rotate_every) plan.part_time = *options.rotate_every;
  plan.open_files = options.open_files;
  if (plan.part_time <= std::chrono::nanoseconds{0} || plan.part_bytes == 0) {
    throw error(exit_code::usage, "a part needs some time and some bytes");
  }
  if (plan.open_files == 0) throw error(exit_code::usage, "`open_files` is at least 1");
  return plan;
}

}  // namespace

std::unique_ptr<sink> make_file_sink(const file_sink_options& options) {
  if (options.path == "-") return make_stdout_sink({.format = format_of(options)});
  if (options.path.empty()) throw error(exit_code::usage, "the path is empty");
  check_table(options);
  auto names = name_template::parse(options.path);
  if (!names) throw error(exit_code::usage, options.path + ": " + names.error());
  const bool one_file = !names->has_places() && !options.rotate_bytes && !options.rotate_every;
  if (!one_file) return make_parts_sink(plan_of(options, std::move(*names)));
  return std::make_unique<plain_file>(
      names->stem(), record_lines(line_format_named(format_of(options)), options.columns),
      compression_of(options.path, options.compress, options.level), options.append);
}

component file_sink() {
  return declare<file_sink_options>(component::role::sink, "file",
                                    "Write the records to a file, one JSON object a line.")
      .describe(
          "A plain path is written in place: it is emptied first, as `>` does, unless append=true. "
          "FIFOs and devices are written as they are. The records of a batch can be read by others "
          "as soon as the batch was written, unless they are compressed.\n\n"
          "CSV (RFC 4180, with LF behind each row) has a header in each file. Null and missing "
          "fields are empty, objects and arrays are JSON; fields that no column is for are left "
          "out. A file that is continued by --state goes on with its columns.\n\n"
          "A path with {places} writes many files: {field} is the record's value at that path, "
          "{date} "
          "and {hour} are those of its @time in UTC, or of the start of the run where it has none, "
          "{part} counts from 000001; a brace "
          "itself is doubled. Values are encoded such that none leads out of the directory. "
          "Missing "
          "directories are created. Without {part}, a second file of the same name gets -000002 in "
          "front of its endings.\n\n"
          "With rotate_bytes or rotate_every, a path without {part} gets -{part} in front of its "
          "endings. A part, and every file of a path with places, appears under its name once it "
          "is "
          "whole and synced, with --state also committed; until then it is called .NAME.partial. A "
          "name that holds data of an earlier run is refused, or skipped with append=true.")
      .option("path", &file_sink_options::path, "File or name template; - is standard output.",
              required)
      .option("format", &file_sink_options::format,
              "How a record is written; auto means csv for a name that ends with .csv (and .gz or "
              ".zst), else ndjson.",
              {.choices = {"auto", "ndjson", "text", "csv"}})
      .option("columns", &file_sink_options::columns,
              "The fields that are the columns of CSV; else those of a file's first record are.")
      .option("append", &file_sink_options::append,
              "Continue what is there instead of emptying or refusing it.")
      .option(
          "compress", &file_sink_options::compress,
          "How the file is stored; auto goes by the ending of the name, .gz or .zst, and refuses "
          "those of other compressions.",
          {.choices = compress_choices()})
      .option("level", &file_sink_options::level,
              "Level of compression: 1 to 9 for gzip, 1 to 19 for zstd.")
      .option("rotate_bytes", &file_sink_options::rotate_bytes,
              "End a part once it holds so much, as stored; of what is compressed, about so much.")
      .option("rotate_every", &file_sink_options::rotate_every,
              "End all parts so often, counted from the start, also while nothing comes.")
      .option("open_files", &file_sink_options::open_files,
              "Files written at a time; beyond it, the one least recently used ends.")
      .example("Keep the errors",
               "from app.ndjson | json | where level = \"ERROR\" | to errors.ndjson")
      .example("A table for a spreadsheet",
               "from app.ndjson | json | where status >= 500 | to failed.csv columns=time "
               "columns=path columns=status")
      .example("One compressed file a service",
               "from app.ndjson | json | to out/{service}.ndjson.gz")
      .makes([](const file_sink_options& options, reporter& report) -> product {
        try {
          return make_file_sink(options);
        } catch (const error& wrong) {
          report.error(wrong.what(), {}, wrong.hint());
          return std::unique_ptr<sink>{};
        }
      });
}

}  // namespace weir
