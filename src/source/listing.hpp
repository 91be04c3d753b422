#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.hpp"
#include "source/glob.hpp"
#include "weir/generator.hpp"

namespace weir {

/// Inputs that could not be read while others could. Counts all, keeps the reasons of the first
/// hundred. Safe to use from several threads.
class unreadable_inputs {
 public:
  void add(std::string_view path, const io_error& why);
  std::uint64_t count() const;
  std::vector<std::string> reasons() const;

 private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::vector<std::string> reasons_;
};

/// The files that `pattern` matches, in the byte order of each directory's names, a subdirectory
/// where its name stands. Memory: the names of the directories on the way down to the current file.
/// Links are followed, but no directory is entered from within itself. Only regular files; what
/// begins with a dot needs a pattern that does. A directory that cannot be listed goes to
/// `unreadable`. `files` and `unreadable` outlive the generator.
generator<const std::string> matching_files(glob pattern, disk& files,
                                            unreadable_inputs& unreadable);

/// What the paths that a user named stand for, in their order: "-" is standard input, a path that
/// exists is itself or, if a directory, every file below it; else it is a glob. Throws weir::error
/// (no_input) where one is missing or a glob matches nothing.
generator<const std::string> named_files(std::vector<std::string> paths, disk& files,
                                         unreadable_inputs& unreadable);

}  // namespace weir
