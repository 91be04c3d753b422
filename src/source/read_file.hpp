#pragma once
#include <string>

#include "source/identity.hpp"
#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

/// The records of one file, or of standard input for "-": from where `resume` says on, opened at
/// the first pull. Ends at its end or when drained. If the file cannot be opened or a read fails,
/// that is noted among `how.unreadable` and the stream ends; a line that the failure cut in two
/// stays unread. `how` and `with` outlive the stream and its batches.
stream read_file(std::string path, reading& how, const context& with, resume_points resume);

/// The same of an open file that holds the content of the shard `of`, as it is or compressed, under
/// another name.
stream read_copy(std::string path, std::unique_ptr<file> input, known_shard of, reading& how,
                 const context& with);

/// All records of the shards of `listing`, one shard after the other; a shard is asked for when the
/// one before it has ended. Drain ends it between two batches.
stream read_shards(shard_openers listing);

}  // namespace weir
