#include "net/link_header.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string next_in(const http_headers& headers) {
  return link_target({.status = 200, .headers = headers}, "next");
}

TEST(LinkHeader, is_read_as_rfc_8288_has_it) {
  // The examples of RFC 8288, 3.5, and what GitHub sends.
  EXPECT_EQ(
      next_in({{"Link", R"(</TheBook/chapter2>; rel="next"; title*=UTF-8'de'letztes%20Kapitel)"}}),
      "/TheBook/chapter2");
  EXPECT_EQ(
      next_in({{"Link",
                R"(<http://example.org/>; rel="start http://example.net/relation/other NEXT")"}}),
      "http://example.org/");
  EXPECT_EQ(next_in({{"Link", R"(</>; rel="http://example.net/foo")"}}), "");
  EXPECT_EQ(
      next_in({{"link", R"(<https://h/?page=1>; rel="prev", <https://h/?page=3>; rel="next")"}}),
      "https://h/?page=3");
}

TEST(LinkHeader, may_hold_commas_semicolons_and_brackets_where_they_mean_nothing) {
  EXPECT_EQ(
      next_in({{"Link", R"(</a,b;c>; title="x, <y>; rel=\"next\""; rel=prev, </d>;rel=next)"}}),
      "/d");
  EXPECT_EQ(next_in({{"Link", R"(, , </e> ; rel = "next" , )"}}), "/e");
}

TEST(LinkHeader, may_be_there_several_times) {
  EXPECT_EQ(
      next_in({{"Link", "</a>; rel=prev"}, {"Link", "</b>; rel=next"}, {"Link", "</c>; rel=next"}}),
      "/b");
}

TEST(LinkHeader, tells_nothing_where_it_says_nothing_of_the_answer) {
  EXPECT_EQ(next_in({}), "");
  EXPECT_EQ(next_in({{"Link", R"(</a>; rel=next; anchor="/elsewhere")"}}), "");
  EXPECT_EQ(next_in({{"Link", R"(</a>; rel=prev; rel=next)"}}), "");
  EXPECT_EQ(next_in({{"Link", "</a>; title=next; rev=next"}}), "");
  EXPECT_EQ(next_in({{"Link", "</a; rel=next"}}), "");
  EXPECT_EQ(next_in({{"Link", "next"}}), "");
}

}  // namespace
}  // namespace weir
