// RFC 6587: messages with their length in front, and lines beside them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "codec/framing_guess.hpp"
#include "unit/codec/cut_shard.hpp"

namespace weir {
namespace {

using namespace test;

const framing octets{.how = framing::by::octets};

std::string counted(const std::string& message) {
  return std::to_string(message.size()) + " " + message;
}

const std::string one = counted("<34>1 - - - - - - one");
const std::string two = counted("<34>1 - - - - - - two");

TEST(octets, of_a_message_are_counted_whatever_they_are) {
  const std::string lines = counted("<34>1 - - - - - - a\n12 <34>b\r\n");
  const cut_shard got = cut({one + lines + two}, octets);
  EXPECT_EQ(texts(got), (strings{one, lines, two}));
  EXPECT_EQ(got.records[1].offset, one.size());
  EXPECT_EQ(got.records[2].number, 3u);
  EXPECT_TRUE(reasons(got).empty());
}

TEST(octets, may_be_followed_by_a_line_break_or_a_zero_byte) {
  const std::string zero(1, '\0');
  EXPECT_EQ(texts(cut({one + "\n" + two + "\r\n" + one + zero + two + "\n"}, octets)),
            (strings{one, two, one, two}));
}

TEST(octets, need_not_be_counted_in_a_line) {
  EXPECT_EQ(texts(cut({"<1>x\r\n" + one + "<2>y\r\r\n\n<3>z"}, octets)),
            (strings{"<1>x", one, "<2>y\r", "<3>z"}));
}

TEST(octets, that_are_counted_wrong_lose_their_message_only) {
  for (const std::string wrong :
       {"40 <34>1 - - - - - - short", "99999 <34>1 - - - - - - short",
        "22<34>1 - - - - - - no blank", "x22 <34x1 - - - - - - garbage", "022 <34>zero in front",
        "99999999999999999999999 <34>", "22 34>1 - - - - - - no priority", "\n \n", "-x <34>"}) {
    const cut_shard got = cut({one + wrong + two + one}, octets);
    EXPECT_EQ(living(got), (strings{one, two, one})) << wrong;
    ASSERT_EQ(reasons(got).size(), 1u) << wrong;
    EXPECT_EQ(got.records[1].offset, one.size() + (wrong[0] == '\n' ? 1 : 0)) << wrong;
  }
}

TEST(octets, behind_a_message_that_are_no_other_ones_are_its_rest) {
  const cut_shard got = cut({one + "18 <34>1 - - - - - - long" + two}, octets);
  EXPECT_EQ(living(got), (strings{one, two}));
  EXPECT_EQ(got.records[1].raw, "18 <34>1 - - - - - - long");
  EXPECT_EQ(reasons(got), (strings{"the length in front is wrong"}));
}

TEST(octets, that_are_counted_wrong_may_have_a_line_behind_them) {
  EXPECT_EQ(living(cut({"12x <34>a\n<35>b\n" + one}, octets)), (strings{"<35>b", one}));
  EXPECT_EQ(reasons(cut({"12x <34>a\n<35>b\n" + one}, octets)),
            (strings{"a length without a blank behind it"}));
}

TEST(octets, may_be_fewer_than_were_counted_at_the_end) {
  const cut_shard got = cut({"50 <34>1 - -" + one + "50 <34>"}, octets);
  EXPECT_EQ(living(got), (strings{one}));
  EXPECT_EQ(reasons(got), (strings(2, "the message is shorter than its length")));
  EXPECT_EQ(reasons(cut({one + "5"}, octets)), (strings{"the message is shorter than its length"}));
}

TEST(octets, have_a_limit) {
  const framing_options ten{.max_line_bytes = 10};
  const cut_shard got = cut({"8 <34>1234"
                             "6 <1>abc"
                             "<2>45678901\n"
                             "5 <1>ab"},
                            octets, ten);
  EXPECT_EQ(living(got), (strings{"8 <34>1234", "6 <1>abc", "5 <1>ab"}));
  EXPECT_EQ(reasons(got), (strings{"record longer than max_line"}));
  const cut_shard counted_long = cut({"9 <34>abcde"
                                      "6 <1>abc"},
                                     octets, ten);
  EXPECT_EQ(living(counted_long), (strings{"6 <1>abc"}));
  EXPECT_EQ(reasons(counted_long), (strings{"message longer than max_line"}));
}

TEST(octets, that_may_go_on_stay_unread) {
  const cut_shard got = cut({one + two}, octets, framing_options{.hold_unterminated = true});
  EXPECT_EQ(texts(got), (strings{one}));
  EXPECT_EQ(got.stops.back().at, (position{one.size(), 1}));
}

/// A stream with all that matters to cutting.
std::string some_messages() {
  static const strings pieces{one,      two,           counted("<1>\n<2>"),
                              "<3>a\n", "<4>b\r\n",    "12 ",
                              "30 <5>", "<6>",         "100 <7>1 - -",
                              "\n",     "\r",          " ",
                              "7 ",     "x",           "0",
                              "5 <1>a", "2 <",         "9",
                              ">",      "\xef\xbb\xbf"};
  return *rc::gen::element<std::string>("", "\xef\xbb\xbf", "\xef\xbb") + some_of(pieces);
}

framing_options some_limit() {
  return {.max_line_bytes = *rc::gen::element<std::uint64_t>(8, 60, 1 << 20)};
}

RC_GTEST_PROP(octets, are_cut_alike_however_the_bytes_are_split, ()) {
  const std::string all = some_messages();
  check_any_split(all, octets, some_limit());
}

RC_GTEST_PROP(octets, go_on_wherever_a_run_stopped, ()) {
  const std::string all = some_messages();
  const framing_options options = some_limit();
  const cut_shard whole = cut(split_every(all, 7), octets, options);
  for (const stop& s : whole.stops) check_going_on(all, octets, options, s, whole);
}

RC_GTEST_PROP(octets, are_all_accounted_for_in_order, ()) {
  const std::string all = some_messages();
  std::uint64_t read_to = all.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (const cut_record& r : cut({all}, octets).records) {
    RC_ASSERT(r.offset >= read_to);
    RC_ASSERT(all.substr(r.offset, r.raw.size()) == r.raw);
    const std::string between = all.substr(read_to, r.offset - read_to);
    RC_ASSERT(between.find_first_not_of("\r\n") == between.npos);
    read_to = r.offset + r.raw.size();
  }
  const std::string rest = read_to < all.size() ? all.substr(read_to) : "";
  RC_ASSERT(rest.find_first_not_of("\r\n") == rest.npos);
}

TEST(octets, that_are_many_and_all_wrong_are_read_twice_at_most) {
  std::string all;
  while (all.size() < 4 << 20) all += "1000001 <1>";
  const cut_shard got = cut(split_every(all, 64 << 10), octets);
  EXPECT_TRUE(living(got).empty());
  EXPECT_LT(got.records.size(), 20u);
}

}  // namespace
}  // namespace weir
