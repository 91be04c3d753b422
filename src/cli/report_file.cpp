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

/// A file beside `path` that takes its place, or is gone in the end.
class temporary_file {
 public:
  temporary_file(disk& files, const std::string& path)
      : files_(files), name_(path + "." + random_name()) {}
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { static_cast<void>(files_.remove(name_)); }

  const std::string& name() const noexcept { return name_; }

 private:
  disk& files_;
  std::string name_;
};

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
  const temporary_file probe(files, path);
  require(require(files.open(probe.name(), open_for::writing), path)->close(), path);
}

void write_whole(disk& files, const std::string& path, std::string_view content) {
  const auto before = files.status(path);
  if (before && before->is != file_status::kind::regular) {
    write_to(files, path, content, false);
    return;
  }
  const temporary_file whole(files, path);
  write_to(files, whole.name(), content, true);
  require(files.rename(whole.name(), path), path);
}

}  // namespace weir
