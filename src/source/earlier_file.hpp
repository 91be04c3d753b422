#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/identity.hpp"
#include "source/landmark.hpp"
#include "weir/context.hpp"
#include "weir/source.hpp"

namespace weir {

/// A file that an earlier run followed and did not come to the end of, as its checkpoint knows it.
struct earlier_file {
  std::string name;      ///< the path that led to it then
  std::string identity;  ///< of its shard
  identity_parts mark;
  position at;
  std::int64_t modified_ns = 0;               ///< when it was written to, or earlier; 0 if unknown
  std::optional<landmark> before_place = {};  ///< or near it
};

/// What a checkpoint keeps of a file: its identity, and what tells it from others that begin alike.
std::string file_token(const std::string& identity, std::int64_t modified_ns,
                       const std::optional<landmark>& before_place);
/// What such a token says, without name and place. Nothing if it is none.
std::optional<earlier_file> from_file_token(std::string_view token);

/// Those that the checkpoint knows, in the order of their names.
std::vector<earlier_file> earlier_files(const resume_points& resume);

/// Whether the file `in` has the bytes near its place that it had when it was read; so it has if
/// they cannot be read now.
bool is_as_read(const earlier_file& f, file& in);

/// Its shard, and where to go on in it.
known_shard as_known(const earlier_file& f, std::int64_t modified_ns);

/// Whether `path` is the file. Its inode alone does not tell: it is given to another file once the
/// first one is deleted.
bool is_itself(const earlier_file& f, const std::string& path, disk& files);

/// The path of the file itself: its name, or another one in the same directory.
std::optional<std::string> find_again(const earlier_file& f, disk& files);

/// What `path` is, if its content, compressed or not, is that of the file up to where it was read.
std::optional<file_status> holds(const earlier_file& f, const std::string& path,
                                 const context& with);

/// A file whose content was looked at.
struct found_copy {
  std::string path;
  file_status is;  ///< what was there then: files are renamed while others are read
};

/// A copy, compressed or not, in the same directory: a file called like it up to the
/// first dot, whose content begins as the file did and is the same up to where it was read, as far
/// as is known. If there are several: the compressed file that `as_unread` was asked about, or the
/// oldest one that was written to when the file was, or later. `followed` tells which paths are
/// read anyway: such a file is no copy unless it is compressed. Cost: what was read of the file is
/// decompressed.
std::optional<found_copy> find_copy(const earlier_file& f,
                                    const std::function<bool(const std::string&)>& followed,
                                    const context& with);

/// The compressed file `path` as one that was called `name` and of which nothing was read: known by
/// the beginning of its content, as a copy of itself. Nothing if that cannot be read.
std::optional<earlier_file> as_unread(const std::string& path, const std::string& name,
                                      const context& with);

}  // namespace weir
