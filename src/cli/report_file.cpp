#include "cli/report_file.hpp"

#include "base/random_name.hpp"
#include "base/require.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

void write_to(disk& files, const std::string& path, std::string_view content, bool replace) {
  const auto out = require(files.open(path, open_for::writing), path);
  if (replace) require(out->truncate(0), path);
  require(out->write(content), path);
  if (replace) require(out->sync(), path);
  require(out->close(), path);
}

/// A name beside it that is nobody's.
std::string temporary_name(const std::string& path) {
  return path + "." + random_name();
}

}  // namespace

run_report report_of_no_run(exit_code code, const std::string& why, double seconds) {
  run_report nothing;
  nothing.exit = code;
  nothing.error = why;
  nothing.seconds = seconds;
  nothing.peak_rss_bytes = peak_rss_bytes();
  return nothing;
}

void require_writable(disk& files, const std::string& path) {
  const auto before = files.status(path);
  if (before && before->is == file_status::kind::directory) {
    throw error(exit_code::io, path + ": is a directory", "name a file in it");
  }
  if (before && before->is != file_status::kind::regular) return;
  const std::string temporary = temporary_name(path);
  require(require(files.open(temporary, open_for::writing), path)->close(), path);
  require(files.remove(temporary), path);
}

void write_whole(disk& files, const std::string& path, std::string_view content) {
  const auto before = files.status(path);
  if (before && before->is != file_status::kind::regular) {
    write_to(files, path, content, false);
    return;
  }
  const std::string temporary = temporary_name(path);
  write_to(files, temporary, content, true);
  require(files.rename(temporary, path), path);
}

}  // namespace weir
