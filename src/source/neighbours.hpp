#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/disk.hpp"

namespace weir {

/// The name of a path without its directory.
std::string_view last_part(std::string_view path);

/// The path that symbolic links lead to at last, which need not be there: a file is rotated beside
/// it (Kubernetes). `path` itself if it is no link; links in its directories stay.
std::string behind_links(std::string path, disk& files);

/// The paths in the directory of `path`, written as it is, or of what it leads to.
std::vector<std::string> neighbours(const std::string& path, disk& files);

/// Device and inode.
using file_key = std::pair<std::uint64_t, std::uint64_t>;
file_key key_of(const file_status& status);

/// A file under a name that it may lose at any time.
struct named_file {
  std::string path;
  file_key key;
  std::int64_t modified_ns = 0;
};

/// What the names of a log and of its rotated files have in common: "app" of app.log, app.log.1.gz
/// and app-20260101.log.
std::string_view stem(std::string_view path);

/// The files beside `path`, or beside what it leads to, that are called like it up to the first
/// dot, by paths.
std::vector<std::pair<std::string, file_key>> called_alike(const std::string& path, disk& files);

/// Makes attempts until one succeeds, or none of those files was renamed, made or removed while one
/// was made: it may have missed what was renamed. There is an end to it. False if none succeeded.
bool try_undisturbed(const std::string& path, disk& files, const std::function<bool()>& attempt);

/// Whether the file `part` has nothing but what `whole` begins with, as far as the beginning and
/// the end of it tell.
bool is_beginning_of(const std::string& part, const std::string& whole, disk& files);

/// The first bytes of `path`, at most `most`; none if it cannot be read.
std::string head_of(const std::string& path, std::size_t most, disk& files);

/// Whether its content says so.
bool is_compressed(const std::string& path, disk& files);

}  // namespace weir
