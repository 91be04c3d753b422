#include "base/duration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

TEST(duration, every_unit_is_read) {
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("150ms"), 150ms);
  EXPECT_EQ(parse_duration("2s"), 2s);
  EXPECT_EQ(parse_duration("3m"), 3min);
  EXPECT_EQ(parse_duration("4h"), 4h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("1w"), 168h);
}

TEST(duration, units_are_combined_from_large_to_small) {
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1d2h3m4s5ms"), 26h + 3min + 4s + 5ms);
  EXPECT_EQ(parse_duration("30m1h"), std::nullopt);
  EXPECT_EQ(parse_duration("1s1s"), std::nullopt);
}

TEST(duration, a_fraction_is_exact_or_refused) {
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("0.000000001s"), 1ns);
  EXPECT_EQ(parse_duration("0.0000000010s"), 1ns);
  EXPECT_EQ(parse_duration("0.5ns"), std::nullopt);
  EXPECT_EQ(parse_duration("0.0000000001s"), std::nullopt);
}

TEST(duration, only_zero_needs_no_unit) {
  EXPECT_EQ(parse_duration("0"), 0ns);
  EXPECT_EQ(parse_duration("2"), std::nullopt);
}

TEST(duration, what_is_none_is_refused) {
  for (const char* text :
       {"", "s", "-2s", "+2s", " 2s", "2s ", "2 s", "2x", "2S", "1.s", ".5s", "1e3s", "2sm"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(duration, what_64_bits_cannot_hold_is_refused) {
  EXPECT_EQ(parse_duration("9223372036854775807ns"), std::chrono::nanoseconds::max());
  EXPECT_EQ(parse_duration("9223372036854775808ns"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999999s"), std::nullopt);
  EXPECT_EQ(parse_duration("106751d23h47m16s854ms775us808ns"), std::nullopt);
}

TEST(duration, it_is_shown_without_zero_parts) {
  EXPECT_EQ(format_duration(0ns), "0s");
  EXPECT_EQ(format_duration(90min), "1h30m");
  EXPECT_EQ(format_duration(1500ms), "1s500ms");
  EXPECT_EQ(format_duration(-2s), "-2s");
}

RC_GTEST_PROP(duration, what_is_shown_reads_back, (std::uint64_t any)) {
  const std::chrono::nanoseconds d{static_cast<std::int64_t>(any >> 1)};
  RC_ASSERT(parse_duration(format_duration(d)) == d);
}

}  // namespace
}  // namespace weir
