#include "source/landmark.hpp"

#include <gtest/gtest.h>

#include "file_tree.hpp"

namespace weir {
namespace {

std::optional<landmark> landmark_in(const test::file_tree& tree, std::uint64_t offset) {
  const auto input = real_disk()->open(tree.path("f"), open_for::reading);
  return landmark_at(**input, offset);
}

TEST(Landmark, TellsWhatStandsInFrontOfAPlace) {
  const test::file_tree tree;
  const std::string begin(3000, 'x');
  tree.write("f", begin + "1\n2\n");
  const auto first = landmark_in(tree, 3002);
  const auto at_begin = landmark_in(tree, 3000);
  tree.append("f", "3\n");
  EXPECT_EQ(landmark_in(tree, 3002), first) << "it grew";
  tree.write("f", begin + "9\n2\n");
  EXPECT_NE(landmark_in(tree, 3002), first);
  EXPECT_EQ(landmark_in(tree, 3000), at_begin);
  tree.write("f", "9" + begin + "1\n");
  EXPECT_EQ(landmark_in(tree, 4000), std::nullopt) << "it does not reach there";
}

TEST(Landmark, IsRememberedNearEachPlaceThatIsCommitted) {
  landmarks known;
  EXPECT_EQ(known.near("a", 10), std::nullopt);
  known.add("a", {100, 1});
  EXPECT_EQ(known.near("a", 10), (landmark{100, 1})) << "the file reached there when it was begun";
  known.add("a", {200, 2});
  known.add("b", {150, 3});
  EXPECT_EQ(known.near("a", 199), (landmark{100, 1}));
  EXPECT_EQ(known.near("a", 200), (landmark{200, 2}));
  known.forget("a");
  EXPECT_EQ(known.near("a", 300), std::nullopt);
  EXPECT_EQ(known.near("b", 300), (landmark{150, 3}));
}

TEST(Landmark, IsRememberedInFrontOfAPlaceThatLiesFarBehindTheLatest) {
  landmarks known;
  for (std::uint64_t offset = 0; offset < 100'000; ++offset) known.add("a", {offset, offset});
  const auto near = known.near("a", 50'000);
  ASSERT_TRUE(near);
  EXPECT_LE(near->offset, 50'000u);
  EXPECT_GT(near->offset, 0u);
}

}  // namespace
}  // namespace weir
