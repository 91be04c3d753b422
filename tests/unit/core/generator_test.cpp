#include "weir/generator.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace weir {
namespace {

generator<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}

TEST(Generator, YieldsEachItemThenEnds) {
  auto g = count_to(2);
  EXPECT_EQ(*g.next(), 1);
  EXPECT_EQ(*g.next(), 2);
  EXPECT_EQ(g.next(), nullptr);
  EXPECT_TRUE(g.done());
  EXPECT_EQ(g.next(), nullptr);
}

}  // namespace
}  // namespace weir
