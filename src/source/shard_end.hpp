#pragma once
#include <memory>

#include "weir/context.hpp"

namespace weir {

/// How far the records of one shard have come.
struct reading_progress {
  position at;
  bool ended = false;

  void note(const batch& some);
};

/// Makes `only` say that nothing of the shard comes behind `at`. What was read to its end before
/// that could be kept, or is empty, has no other batch to say so. Precondition: nothing of it was
/// read in this run, so that its parser's state is as it was.
void tell_end(batch& only, std::shared_ptr<const shard> of, position at, const context& with);

}  // namespace weir
