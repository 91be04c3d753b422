#include "source/dead_letter.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "source/read_file.hpp"
#include "source/replay.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

/// Escaped or in base64 a record is longer than it was; a line that was written is read.
constexpr byte_size longest_line{1 << 30};

}  // namespace

dead_letter_source::dead_letter_source(dead_letter_source_options options)
    : line_source({line_options{.max_line = longest_line}}), path_(std::move(options.path)) {}

estimate dead_letter_source::look(const context& with) {
  const auto status = with.files->status(path_);
  if (!status) throw missing_input(path_);
  if (status->is == file_status::kind::directory) {
    throw error(exit_code::no_input, path_ + ": is a directory",
                "name the file in it; that of a --state is " + path_ + "/dead.ndjson");
  }
  return {.bytes = status->size,
          .records = {},
          .shards = 1,
          .replayable = status->is == file_status::kind::regular,
          .reason = fmt::format("a dead letter of {} bytes", status->size)};
}

stream dead_letter_source::open(const context& with, resume_points resume) {
  return records(with, std::move(resume));
}

stream dead_letter_source::records(const context& with, resume_points resume) {
  stream lines = read_file(path_, reading_, with, {});
  replay again(path_, std::move(resume), reading_.stage, with);
  batch out(with.pool);
  while (const batch* const some = lines.next(co_await request)) {
    again.take(*some, out);
    co_yield out;
    out.reset(with.pool);
  }
}

component from_dead_letter() {
  declare<dead_letter_source_options> dead(
      component::role::source, "dead_letter",
      "Gives the rejected records of a dead letter, as they were read at first.");
  dead.describe(
      "Each record has the source, number and offset that it had when it was rejected, so that "
      "what "
      "is rejected again names the original place. `weir dlq replay` puts it in place of a "
      "pipeline's own source. Of a record that was rejected in reading (a line that is too long, "
      "data that are damaged) the dead letter holds only a part: it is rejected again.");
  dead.option("path", &dead_letter_source_options::path, "the dead letter", required);
  return dead.makes([](const dead_letter_source_options& o, reporter&) -> std::unique_ptr<source> {
    return std::make_unique<dead_letter_source>(o);
  });
}

}  // namespace weir
