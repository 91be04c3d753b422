#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "source/read_before.hpp"
#include "weir/source.hpp"

namespace weir {

/// A file that was read to its end.
struct ended_file {
  file_of_log file;
  shard_place end;
};

/// The last file of each log that was read to its end. The state keeps a token of it: another run
/// then knows behind which file to look for what came and went before a successor was begun. Safe
/// from any thread.
class ended_files {
 public:
  /// Gives the one that needs no token any more: of two of a log that is the one that was written
  /// to first, and of very many logs the one whose file was.
  std::optional<ended_file> add(ended_file f);
  /// What the state is to keep of a file that ended. Empty: nothing.
  std::string token(const std::string& identity);

 private:
  using by_log = std::map<std::string, ended_file>;
  ended_file take(by_log::iterator known);

  std::mutex mutex_;
  by_log last_;
  std::map<std::string, std::string> logs_;  ///< by the identities of their files
};

/// Those that the checkpoint knows.
std::vector<ended_file> ended_files_of(const resume_points& resume);

}  // namespace weir
