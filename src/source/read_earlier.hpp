#pragma once
#include <string>
#include <vector>

#include "source/earlier_file.hpp"
#include "source/reading.hpp"
#include "weir/stream.hpp"

namespace weir {

/// What became of files that an earlier run did not come to the end of, if they are themselves no
/// longer there.
struct earlier_rest {
  struct copy {
    earlier_file of;
    std::string path;
  };
  std::vector<copy> copies;
  std::vector<earlier_file> gone;
};

/// Makes of `only` a batch without records that says where a shard ended. Another run then does not
/// look for it.
void say_ended(batch& only, shard_place end, const context& with);

/// Says what is lost, lists it among `how.unreadable`, and gives what the copies hold of the
/// others, in the shards of the files that they are copies of. Ends when drained. `how` and `with`
/// outlive the stream and its batches.
stream read_earlier(earlier_rest rest, reading& how, const context& with);

}  // namespace weir
