#include "parse/quoted_lines.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

/// Which lines join the one before them.
std::string joined(std::string_view text, std::size_t most_lines) {
  const auto pool = test::new_pool();
  const batch lines = test::lines_of(text, pool);
  quoted_lines rule({}, most_lines);
  std::string out;
  for (const record& r : lines) out += rule.next(r).joins ? '+' : '.';
  return out;
}

TEST(QuotedLines, ACellMayHaveSeveralLines) {
  EXPECT_EQ(joined("a,b\n1,\"one\ntwo\nthree\"\n2,x\n", 10), "..++.");
}

TEST(QuotedLines, AStrayQuoteTakesNoMoreThanSoManyLines) {
  EXPECT_EQ(joined("a,b\n1,\"stray\n2,x\n3,x\n4,x\n5,x\n", 3), "..++..");
}

TEST(QuotedLines, OnlyLinesWithAllColumnsAreARecord) {
  const auto belong = [](std::string_view text, std::size_t columns) {
    const batch lines = test::lines_of(text, test::new_pool());
    return quoted_lines({}, 10, columns).belong(lines.all());
  };
  EXPECT_TRUE(belong("1,\"one\ntwo\"\n", 2));
  EXPECT_FALSE(belong("1,\"one\ntwo\"\n", 3));
  EXPECT_FALSE(belong("1,\"one\ntwo\n", 2));
  EXPECT_FALSE(belong("1,\"one\n2,\"two\"\n", 2));
  EXPECT_TRUE(belong("1,\"one\n2,\"two\"\n", quoted_lines::any_columns));
}

}  // namespace
}  // namespace weir
