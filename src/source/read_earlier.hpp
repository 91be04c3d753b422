#pragma once
#include <memory>
#include <string>
#include <vector>

#include "source/earlier_file.hpp"
#include "source/ended_files.hpp"
#include "source/reading.hpp"
#include "weir/stream.hpp"

namespace weir {

/// Where the content of a file is that is itself no longer there.
struct copy_of_file {
  earlier_file of;
  std::string path;  ///< that it had when it was opened
  file_status is;
  std::unique_ptr<file> input;  ///< it may be renamed or deleted before its turn
};

file_of_log as_of_log(const copy_of_file& copy);

/// Makes of `only` a batch without records that says where a shard ended. Another run then does not
/// look for it.
void say_ended(batch& only, shard_place end, const context& with);

/// Says that a file was read to its end. `last` is told, and outlives the stream.
stream say_read(ended_file f, ended_files& last, const context& with);
/// Gives those to `last` that the checkpoint knows.
stream recall_ended(resume_points resume, ended_files& last, const context& with);

/// Says what is lost, and lists it among `how.unreadable`. Ends when drained, as the next one does;
/// `how` and `with` outlive the streams and their batches.
stream say_gone(std::vector<earlier_file> gone, reading& how, const context& with);
/// What the copy holds of the file behind the place where it was read, in the shard of the file.
/// Likewise `last`.
stream read_rest(copy_of_file copy, ended_files& last, reading& how, const context& with);

}  // namespace weir
