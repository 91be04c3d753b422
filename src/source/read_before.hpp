#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "source/landmark.hpp"
#include "source/rotated_since.hpp"
#include "weir/context.hpp"

namespace weir {

/// Device and inode.
using file_key = std::pair<std::uint64_t, std::uint64_t>;

/// A file of a log, as it was when it was last looked at.
struct file_of_log {
  std::string log;  ///< the path that led to it
  file_key key;
  std::string identity;  ///< of its shard
  std::int64_t modified_ns = 0;
  std::optional<landmark> before_place = {};
};

/// Where it is now: another name in its directory, or a compressed file that begins like it.
/// `followed` as `find_copy` has it.
rotated_file place_of(const file_of_log& f, const std::function<bool(const std::string&)>& followed,
                      const context& with);

/// Files that were read and are not held open any more. The latest thousand are kept in mind.
class read_before {
 public:
  void add(file_of_log f);
  /// Whether `path` is one of them. Somebody may go on writing to a file that was rotated long ago.
  bool has(const std::string& path, disk& files) const;
  auto begin() const { return files_.begin(); }
  auto end() const { return files_.end(); }

 private:
  std::deque<file_of_log> files_;
};

/// The one of each log that was written to last.
class latest_of_logs {
 public:
  void note(const file_of_log& f);
  /// Null if there is none.
  const file_of_log* of(const std::string& log) const;

 private:
  std::map<std::string, file_of_log> by_log_;
};

}  // namespace weir
