#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "source/identity.hpp"
#include "weir/context.hpp"
#include "weir/source.hpp"

namespace weir {

/// A file that an earlier run followed and did not come to the end of, as its checkpoint knows it.
struct earlier_file {
  std::string name;      ///< the path that led to it then
  std::string identity;  ///< of its shard
  identity_parts mark;
  position at;
};

/// Those that the checkpoint knows, in the order of their names.
std::vector<earlier_file> earlier_files(const resume_points& resume);

/// Its shard, and where to go on in it.
known_shard as_known(const earlier_file& f, std::int64_t modified_ns);

/// The path of the file itself: its name, or another one in the same directory.
std::optional<std::string> find_again(const earlier_file& f, disk& files);

/// The path of a copy, compressed or not, in the same directory: a file called like it up to the
/// first dot, whose content begins as the file did and reaches to where it was read. If there are
/// several: the compressed file that `as_unread` was asked about, or the latest one. `followed` tells which paths are read anyway: such a file is no copy
/// unless it is compressed. Cost: what was read of the file is decompressed.
std::optional<std::string> find_copy(const earlier_file& f,
                                     const std::function<bool(const std::string&)>& followed,
                                     const context& with);

/// The compressed file `path` as one that was called `name` and of which nothing was read: known by
/// the beginning of its content, as a copy of itself. Nothing if that cannot be read.
std::optional<earlier_file> as_unread(const std::string& path, const std::string& name,
                                      const context& with);

}  // namespace weir
