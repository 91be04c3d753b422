#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Takes a state directory, which exists, for this process alone until the file is closed. Throws
/// weir::error: locked if another process has it.
std::unique_ptr<file> lock_state(disk& files, const std::string& directory);

/// All bytes of the log `log`, called `path`. Throws weir::error (io).
std::string read_log_bytes(file& log, const std::string& path);

/// The checkpoint log of a state directory, open for appending. `log_lines.hpp` has its form.
///
/// An entry counts once `append` returned ok: it is synced then. An append that failed for want of
/// room takes back what it wrote and may be tried again; after a failed sync the log is never
/// touched again. One thread at a time.
class checkpoint_log {
 public:
  /// Takes `DIRECTORY/log` of `files`, which outlives it, for this process alone. Creates what is
  /// missing and cuts off what a crash left of a write. Throws weir::error: locked if another
  /// process has it, io if it cannot be read or was damaged.
  checkpoint_log(disk& files, std::string directory);

  /// The payloads that were there when it was opened, oldest first.
  const std::vector<std::string>& payloads() const noexcept { return payloads_; }

  /// Adds an entry and makes it durable.
  delivery append(std::string_view payload);
  /// Replaces the whole log by these entries, at once: after a crash it is the old or the new one.
  delivery rewrite(const std::vector<std::string>& payloads);

  std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  /// The sum of the last entry, which stands for all of the log.
  const std::string& last_sum() const noexcept { return last_sum_; }

 private:
  void read();
  void cut_off_torn_write(std::string_view good);
  delivery write(file& to, std::string_view lines);
  delivery refused(io_error why);
  delivery broken(io_error why);

  disk& files_;
  std::string directory_;
  std::string path_;
  std::unique_ptr<file> lock_;
  std::unique_ptr<file> log_;
  std::vector<std::string> payloads_;
  std::string last_sum_;
  std::uint64_t size_bytes_ = 0;
  std::optional<delivery_error> broken_;
};

}  // namespace weir
