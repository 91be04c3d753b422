#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(edit_distance, each_kind_of_edit_costs_one) {
  EXPECT_EQ(edit_distance("json", "json"), 0u);
  EXPECT_EQ(edit_distance("jsn", "json"), 1u);
  EXPECT_EQ(edit_distance("jsonn", "json"), 1u);
  EXPECT_EQ(edit_distance("jzon", "json"), 1u);
  EXPECT_EQ(edit_distance("josn", "json"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // Levenshtein's own example
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(nearest, the_closest_name_is_suggested) {
  const std::string names[] = {"json", "where", "set", "batch"};
  EXPECT_EQ(nearest("jsn", names), "json");
  EXPECT_EQ(nearest("wehre", names), "where");
  EXPECT_EQ(nearest("bacth", names), "batch");
}

TEST(nearest, nothing_is_suggested_for_something_else) {
  const std::string names[] = {"json", "set", "no"};
  EXPECT_EQ(nearest("xml", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest(std::string(1'000'000, 'x'), names), std::nullopt);
  EXPECT_EQ(nearest("xy", names), std::nullopt);
}

}  // namespace
}  // namespace weir
