#include "engine/checkpoint.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(a_checkpoint, is_read_back_with_names_that_are_not_utf8) {
  checkpoint c;
  c.shards.push_back({.id = shard_id("a"), .name = "a\xff.log", .at = {}, .token = {}});
  c.sinks.push_back({.sink = "to b\xff.log", .token = "12"});
  const auto back = std::get<checkpoint>(parse_log_entry(to_json(c)));
  EXPECT_EQ(back.shards.at(0).name, "a\xff.log");
  EXPECT_EQ(back.sinks.at(0).sink, "to b\xff.log");
}

TEST(the_entry_of_a_run, is_read_back_with_a_dead_letter_whose_name_is_not_utf8) {
  const log_run r{
      .generation = 1, .base = 0, .plan = "p", .dead_letter = "\xc3.dead", .dead_bytes = 0};
  EXPECT_EQ(std::get<log_run>(parse_log_entry(to_json(r))).dead_letter, "\xc3.dead");
}

}  // namespace
}  // namespace weir
