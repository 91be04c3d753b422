#include "source/file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "source/read_file.hpp"
#include "source/sample.hpp"
#include "source/sources.hpp"
#include "weir/framing.hpp"

namespace weir {
namespace {

constexpr std::uint64_t merge_max = 1000;

/// "310 MB": three digits at least, in steps of a thousand.
std::string readable_size(std::uint64_t bytes) {
  constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  auto size = static_cast<double>(bytes);
  for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1000;
  return fmt::format("{:.{}f} {}", size, unit > 0 && size < 10 ? 1 : 0, units[unit]);
}

io_result<file_status> status_of(const std::string& path, disk& files) {
  return path == "-" ? inherited_input(STDIN_FILENO)->status() : files.status(path);
}

std::string describe(const estimate& seen) {
  const auto count = fmt::format("{} {}", seen.shards, seen.shards == 1 ? "file" : "files");
  if (!seen.bytes) return count + ", a pipe among them";
  return fmt::format("{}, {}", count, readable_size(*seen.bytes));
}

}  // namespace

file_source::file_source(file_source_options options)
    : line_source(options, options.merge > 1),
      paths_(std::move(options.paths)),
      merge_(options.merge),
      any_order_(options.order == "any") {}

estimate file_source::look(const context& with) {
  unreadable_inputs ignored;  // `open` meets them again
  estimate seen;
  seen.bytes = 0;
  std::optional<double> rate;
  auto found = named_files(paths_, *with.files, ignored);
  while (const std::string* path = found.next()) {
    if (++seen.shards == 1) rate = sampled(*path, with);
    const auto status = status_of(*path, *with.files);
    if (status && status->is != file_status::kind::regular) {
      seen.bytes.reset();
      seen.replayable = false;
    } else if (status && seen.bytes) {
      *seen.bytes += status->size;
    }
  }
  if (rate && seen.bytes && *seen.bytes > 0) {
    seen.sampled = true;
    const double expected = std::ceil(*rate * static_cast<double>(*seen.bytes));
    seen.records = static_cast<std::uint64_t>(expected);
  }
  seen.reason = paths_ == std::vector<std::string>{"-"} ? "standard input" : describe(seen);
  return seen;
}

std::optional<generator<const listed_input>> file_source::list(const context& with) {
  return listed(with);
}

generator<const listed_input> file_source::listed(const context& with) {
  auto found = named_files(paths_, *with.files, reading_.unreadable);
  while (const std::string* const path = found.next()) {
    if (with.wake->stopped()) co_return;
    const auto status = status_of(*path, *with.files);
    listed_input one{.name = *path, .size_bytes = {}, .modified_ns = 0};
    if (status && status->is == file_status::kind::regular) one.size_bytes = status->size;
    if (status) one.modified_ns = status->modified_ns;
    co_yield one;
  }
}

/// What the first file says of all; a pipe's bytes would be gone. Records that are no lines are not
/// counted ahead.
std::optional<double> file_source::sampled(const std::string& path, const context& with) const {
  if (with.cut_by != nullptr && with.cut_by->how != framing::by::content) return std::nullopt;
  const auto status = path == "-" ? std::unexpected(io_error{}) : with.files->status(path);
  if (!status || status->is != file_status::kind::regular) return std::nullopt;
  return lines_per_byte_of_file(path, reading_.options, with);
}

stream file_source::open(const context& with, resume_points resume) {
  return read_shards(listing(with, std::move(resume)));
}

std::optional<concurrent_shards> file_source::open_shards(const context& with,
                                                          resume_points resume) {
  if (merge_ < 2) return std::nullopt;
  return concurrent_shards{listing(with, std::move(resume)), merge_, any_order_};
}

shard_openers file_source::listing(const context& with, resume_points resume) {
  auto found = named_files(paths_, *with.files, reading_.unreadable);
  while (const std::string* path = found.next()) {
    shard_opener opener = [this, path = *path, &with, resume] {
      return read_file(path, reading_, with, resume);
    };
    co_yield opener;
  }
}

component from_file() {
  declare<file_source_options> file(component::role::source, "file",
                                    "Reads files, directories, globs and standard input.");
  file.describe(
      "`from file PATH` can be written `from PATH`. A path that exists is read as it is, whatever "
      "characters it has; a directory stands for every file below it; `-` is standard input. "
      "Otherwise the path is a glob: `*` and `?` stay within a name, `[a-z]` is one character of a "
      "set, `{a,b}` are alternatives, `**` stands for any number of directories, and `**.gz` for "
      "`**/*.gz`. A glob matches regular files.\n\nFiles come in the order of the paths given; "
      "within "
      "a directory in the byte order of their names, a subdirectory where its name stands. In a "
      "directory and for a wildcard, names that begin with a dot are skipped. Links are "
      "followed.\n\n"
      "A named file that is missing, or a glob without a match, is an error before anything is "
      "read "
      "(exit 66). A file that turns out to be unreadable is counted and reported; the others are "
      "read (exit 74).");
  file.option("path", &file_source_options::paths,
              "a file, a directory, a glob, or - for standard input", required);
  add_reading_options(file);
  file.option("merge", &file_source_options::merge,
              "how many files to read at a time, on as many threads");
  file.option("order", &file_source_options::order,
              "with merge: files one after the other, or records as they come",
              {.choices = {"listing", "any"}});
  file.example("Read all compressed logs of a tree", "from \"logs/**.gz\" | json | to -");
  return file.makes([](const file_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    if (std::ranges::find(o.paths, "") != o.paths.end()) report.error("a path is empty", {});
    if (o.merge == 0 || o.merge > merge_max)
      report.error(fmt::format("`merge` must lie between 1 and {}", merge_max), {});
    return std::make_unique<file_source>(o);
  });
}

}  // namespace weir
