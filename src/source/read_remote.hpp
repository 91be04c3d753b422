#pragma once
#include <functional>
#include <memory>
#include <string>

#include "net/http_clients.hpp"
#include "net/ranged_object.hpp"
#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

/// An object behind HTTP that is read as one shard.
struct remote_shard {
  std::string name;  ///< a URL as people may see it
  object_request request;
  error_reader read_error = {};
  std::string version_header = "ETag";
  std::uint64_t size_bytes = 0;  ///< as a listing had it; 0 if nobody knows yet
  object_version version = {};   ///< the same; uncertain if nobody knows
};

/// What a stream of remote records keeps alive.
struct remote_means {
  std::shared_ptr<http_clients> clients;
  std::shared_ptr<const void> inventory = nullptr;  ///< that the shard came from
  /// Called when the object cannot be read, or not whole. May be empty.
  std::function<void()> on_unreadable = {};
  request_limit* limit = nullptr;  ///< outlives the stream, as does
  prefetch_room* room = nullptr;   ///< the room for large objects; without it none is large
};

/// What makes a version of an object the same shard in another run. A server that names no version
/// leaves nothing to go on by: then it begins with "stream:", and with `resume` it is not read.
std::string remote_identity(const std::string& name, const object_version& version);

/// The records of one remote object from where `resume` says on; nothing is sent before the first
/// pull. Ends at its end or when drained. If it cannot be read, or only in part, that is noted
/// among `how.unreadable`; a line that the failure cut in two stays unread. With `resume` the last
/// run of what was read to its end says so, though nothing came. `how` and `with` outlive the
/// stream and its batches.
stream read_remote(remote_shard what, reading& how, remote_means means, const context& with,
                   resume_points resume);

}  // namespace weir
