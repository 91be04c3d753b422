#include "engine/parser_state_numbers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using testing::ElementsAre;

constexpr std::size_t many = parser_state_numbers::fewest_shards;

TEST(parser_state_numbers, number_what_many_shards_share_the_commonest_first) {
  parser_state_numbers numbers({});
  numbers.add_common({{"a", many}, {"b", many + 1}, {"rare", many - 1}});
  EXPECT_THAT(numbers.listed(), ElementsAre("b", "a"));
  EXPECT_EQ(numbers.number_of("b"), 1);
  EXPECT_EQ(numbers.number_of("a"), 2);
  EXPECT_EQ(numbers.number_of("rare"), std::nullopt);
  EXPECT_EQ(numbers.number_of(""), 0) << "nothing was kept";
}

TEST(parser_state_numbers, a_number_is_for_good) {
  parser_state_numbers before({});
  before.add_common({{"z", many}});
  parser_state_numbers numbers(before.listed());
  numbers.add_common({{"z", many}, {"a", 10 * many}});
  EXPECT_THAT(numbers.listed(), ElementsAre("z", "a"));
}

TEST(parser_state_numbers, there_are_no_more_than_a_list_has_room_for) {
  std::vector<std::string> listed;
  for (std::size_t n = 1; n < parser_state_numbers::most_states; ++n) {
    listed.push_back(std::to_string(n));
  }
  parser_state_numbers numbers(listed);
  numbers.add_common({{"common", many + 1}, {"less so", many}});
  EXPECT_EQ(numbers.number_of("common"), parser_state_numbers::most_states);
  EXPECT_EQ(numbers.number_of("less so"), std::nullopt);
}

TEST(parser_state_numbers, one_that_is_too_long_leaves_the_room_to_others) {
  const std::string longest(parser_state_numbers::most_bytes, 'x');
  const std::string too_long = longest + 'x';
  parser_state_numbers numbers({});
  numbers.add_common({{too_long, many + 1}, {"short", many}, {longest, many}});
  EXPECT_EQ(numbers.listed(), std::vector{longest});
  parser_state_numbers rest({});
  rest.add_common({{too_long, many + 1}, {"short", many}});
  EXPECT_THAT(rest.listed(), ElementsAre("short"));
  rest.add_common({{longest, many}});
  EXPECT_THAT(rest.listed(), ElementsAre("short"));
}

}  // namespace
}  // namespace weir
