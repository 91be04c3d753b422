#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "source/earlier_file.hpp"
#include "source/neighbours.hpp"
#include "source/rotated_since.hpp"
#include "weir/context.hpp"

namespace weir {

/// A file of a log, as it was when it was last looked at.
struct file_of_log {
  std::string log;  ///< the path that led to it
  file_key key;
  std::string identity;  ///< of its shard
  std::int64_t modified_ns = 0;
  std::optional<landmark> before_place = {};
};

/// As what was read of it. Nothing if nothing was.
std::optional<earlier_file> as_earlier(const file_of_log& f);

/// Where it is now: another name in its directory, or a compressed file that begins like it.
/// `followed` as `find_copy` has it.
rotated_file place_of(const file_of_log& f, const std::function<bool(const std::string&)>& followed,
                      const context& with);

/// Files that were read and are not held open any more. The latest ten thousand are kept in mind.
class read_before {
 public:
  void add(file_of_log f);
  /// Whether `path` is one of them. Somebody may go on writing to a file that was rotated long ago.
  bool has(const std::string& path, disk& files) const;
  /// The one of a log that was written to last, also of those that a glob led to under the name of
  /// a rotated file.
  std::optional<file_of_log> latest_of(const std::string& log) const;

 private:
  void forget_oldest();

  std::deque<file_of_log> files_;
  std::map<std::string, file_of_log> latest_;  ///< by their logs
};

}  // namespace weir
