#include "sink/group_size.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t mib = 1 << 20;

/// How many bytes fill the next group.
std::size_t room_in(group_size size) {
  constexpr std::size_t step = 64 << 10;
  std::size_t room = 0;
  for (; !size.is_full(); room += step) size.add(step);
  return room;
}

TEST(group_size, groups_that_nothing_is_refused_of_grow_to_the_most) {
  group_size size(16 * mib);
  EXPECT_EQ(room_in(size), mib);
  for (const std::size_t next : {2u, 4u, 8u, 16u, 16u}) {
    size.add(mib);
    size.note(seconds{5}, false);
    EXPECT_EQ(room_in(size), next * mib);
  }
}

TEST(group_size, refused_rows_that_take_long_to_find_make_the_next_groups_smaller) {
  group_size size(16 * mib);
  size.note(seconds{4}, true);
  EXPECT_EQ(room_in(size), mib / 4);
  size.note(milliseconds{900}, true);
  EXPECT_EQ(room_in(size), mib / 4);
  for (int i = 0; i < 9; ++i) size.note(seconds{4}, true);
  EXPECT_EQ(room_in(size), mib / 16);
  size.note(milliseconds{200}, true);
  EXPECT_EQ(room_in(size), mib / 8);
}

}  // namespace
}  // namespace weir
