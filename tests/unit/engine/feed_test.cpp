#include "engine/feed.hpp"

#include <gtest/gtest.h>

#include "unit/scripted.hpp"

namespace weir {
namespace {

TEST(a_feed, gives_whole_batches_also_after_the_last_was_moved_out) {
  test::virtual_run run;
  feed from;
  stream s = fed_by(&from, &run.with);
  for (int i = 0; i < 3; ++i) {
    const batch taken = std::move(*s.next(pull{}));
    EXPECT_TRUE(taken.branch().empty());
  }
}

}  // namespace
}  // namespace weir
