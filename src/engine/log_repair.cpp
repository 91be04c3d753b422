#include "engine/log_repair.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include "base/require.hpp"
#include "engine/checkpoint_log.hpp"
#include "sink/visible.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Opens the first `log.damaged-N` that is not there yet.
std::pair<std::string, std::unique_ptr<file>> new_copy(disk& files, const std::string& log) {
  for (int n = 1;; ++n) {
    std::string path = fmt::format("{}.damaged-{}", log, n);
    auto opened = files.open(path, open_for::writing_new);
    if (opened) return {std::move(path), std::move(*opened)};
    if (opened.error().code != EEXIST) require(std::move(opened), path);
  }
}

std::string keep_copy(disk& files, const std::string& directory, const std::string& log,
                      std::string_view bytes) {
  auto [path, copy] = new_copy(files, log);
  require(copy->write(bytes), path);
  require(copy->sync(), path);
  require(copy->close(), path);
  require(files.sync_directory(directory), directory);
  return path;
}

void refuse_without_way_on(const log_inspection& seen) {
  if (seen.has_way_on()) return;
  throw error(exit_code::io,
              fmt::format("{}: damaged at byte {}, and nothing in front of it says where to go on",
                          seen.path, seen.good_bytes),
              "begin anew with another --state and empty outputs");
}

constexpr const char* back_at_a_commit =
    "The next run cuts files and the dead letter back to that commit and reads on from there.\n"
    "A database that is ahead of it refuses: put its copy from then back, or begin anew with "
    "another "
    "--state and an empty table.\n";
constexpr const char* before_first_commit =
    "No commit is left: remove what the sinks hold (files, tables), and the next run reads "
    "everything again. With append=true it would stand there twice.\n";

}  // namespace

std::optional<log_repair> repair_log(disk& files, const std::string& directory) {
  const std::string path = directory + "/log";
  if (!files.status(path)) {
    throw error(exit_code::no_input, path + ": no such file",
                "name the directory that --state named");
  }
  const auto lock = lock_state(files, directory);
  const auto log = require(files.open(path, open_for::writing), path);
  const std::string bytes = read_log_bytes(*log, path);
  log_inspection seen = inspect_log_bytes(path, bytes);
  if (!seen.damaged()) return std::nullopt;
  refuse_without_way_on(seen);
  std::string kept_as = keep_copy(files, directory, path, bytes);
  require(log->truncate(seen.good_bytes), path);
  require(log->sync(), path);
  return log_repair{.before = std::move(seen), .kept_as = std::move(kept_as)};
}

std::string repair_text(const log_repair& of) {
  const log_inspection& seen = of.before;
  std::string out;
  append_visible(seen.path, out);
  out += fmt::format(
      ": damaged at byte {}, cut back to commit {}; {} lines behind it are lost\nAll of it is kept "
      "in ",
      seen.good_bytes, seen.reached.entry, seen.lines_behind + 1);
  append_visible(of.kept_as, out);
  return out + ".\n" + (seen.reached.entry == 0 ? before_first_commit : back_at_a_commit);
}

}  // namespace weir
