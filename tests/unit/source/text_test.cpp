#include "source/text.hpp"

#include <gtest/gtest.h>

#include "unit/contract.hpp"

namespace weir {
namespace {

test::make_source saying(std::string text) {
  text_options o;
  o.text = std::move(text);
  return [o] { return std::make_unique<text_source>(o); };
}

TEST(TextSource, GivesTheLinesOfItsText) {
  const auto records = test::read_all(saying("a\n\nb"));
  EXPECT_EQ(test::texts(records), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_TRUE(test::read_all(saying("")).empty());
}

TEST(TextSource, KeepsTheSourceContract) {
  std::string much;
  for (int i = 0; i < 100'000; ++i) much += std::to_string(i) + "\n";
  test::keeps_the_source_contract(saying(much));
}

}  // namespace
}  // namespace weir
