#include "record/dead_record.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string line(const std::string& raw) {
  return R"({"time":"2026-01-02T03:04:05Z","source":"app.log","number":7,"offset":512,)"
         R"("stage":"json","reason":"not an object","at":3,"raw":)" +
         raw + R"(,"shard":"8:1f","pipeline":"5d41"})";
}

TEST(dead_record, has_what_the_dead_letter_says) {
  const auto d = parse_dead_record(line(R"("a\"\t\u001b\u00e4")"));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->source, "app.log");
  EXPECT_EQ(d->number, 7u);
  EXPECT_EQ(d->offset, 512u);
  EXPECT_EQ(d->stage, "json");
  EXPECT_EQ(d->reason, "not an object");
  EXPECT_EQ(d->at, 3u);
  EXPECT_EQ(d->raw, "a\"\t\x1b\xc3\xa4");
  EXPECT_EQ(d->shard, "8:1f");
  EXPECT_EQ(d->pipeline, "5d41");
}

// From: printf '\377' | base64, and so on.
TEST(dead_record, base64_comes_back_byte_for_byte) {
  EXPECT_EQ(parse_dead_record(line(R"({"$base64":"/w=="})"))->raw, "\xff");
  EXPECT_EQ(parse_dead_record(line(R"({"$base64":"YcCv"})"))->raw, "a\xc0\xaf");
  EXPECT_EQ(parse_dead_record(line(R"({"$base64":"YWJj7aCAeg=="})"))->raw, "abc\xed\xa0\x80z");
  EXPECT_EQ(parse_dead_record(line(R"({"$base64":"AP8="})"))->raw, std::string("\0\xff", 2));
}

TEST(dead_record, a_line_of_before_shards_were_written_is_read) {
  const auto d = parse_dead_record(
      R"({"source":"a","number":1,"offset":0,"stage":"s","reason":"r","at":0,"raw":"x"})");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->shard, "");
}

TEST(dead_record, what_is_none_is_refused) {
  for (const std::string& none :
       {std::string{}, std::string{"x"}, std::string{"{}"}, std::string{"[1]"},
        line(R"({"$base64":"/w="})"), line(R"({"$base64":"===="})"), line(R"({"$base64":"!!!!"})"),
        line("1"),
        std::string{R"({"source":"a","number":0,"offset":0,"stage":"s","reason":"r",)"
                    R"("at":0,"raw":"x"})"}}) {
    EXPECT_FALSE(parse_dead_record(none)) << none;
  }
}

}  // namespace
}  // namespace weir
