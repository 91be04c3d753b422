#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.hpp"
#include "source/glob.hpp"
#include "weir/error.hpp"
#include "weir/generator.hpp"

namespace weir {

/// Inputs that could not be read while others could. Counts all, keeps the reasons of the first
/// hundred; a reason that it has is not counted again. Safe to use from several threads.
class unreadable_inputs {
 public:
  void add(std::string_view path, const io_error& why);
  /// `code`: what it would end a run with that had no other input.
  void add(std::string reason, exit_code code = exit_code::io);
  std::uint64_t count() const;
  /// What they end a run with: theirs if they agree, else 74.
  exit_code code() const;
  std::vector<std::string> reasons() const;

 private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  exit_code code_ = exit_code::io;
  std::vector<std::string> reasons_;
};

/// Told of each directory just before it is listed.
using directory_visitor = std::function<void(const std::string& path)>;

/// The files that `pattern` matches, in the byte order of each directory's names, a subdirectory
/// where its name stands. Memory: the names of the directories on the way down to the current file.
/// Links are followed, but no directory is entered from within itself. Only regular files; what
/// begins with a dot needs a pattern that does. A directory that cannot be listed goes to
/// `unreadable`. `files` and `unreadable` outlive the generator.
generator<const std::string> matching_files(glob pattern, disk& files,
                                            unreadable_inputs& unreadable,
                                            directory_visitor entering = {});

/// The glob that a path stands for: all that is below it if it is a directory, nothing if it exists
/// otherwise or has no wildcards, else the path itself read as a glob.
std::optional<glob> pattern_of(const std::string& path, disk& files);

error missing_input(const std::string& path);

/// What the paths that a user named stand for, in their order: "-" is standard input, a path that
/// exists is itself or, if a directory, every file below it; else it is a glob. Throws weir::error
/// (no_input) where one is missing or a glob matches nothing.
generator<const std::string> named_files(std::vector<std::string> paths, disk& files,
                                         unreadable_inputs& unreadable);

}  // namespace weir
