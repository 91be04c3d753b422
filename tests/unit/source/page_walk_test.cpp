#include "source/page_walk.hpp"

#include <gmock/gmock.h>

#include "source/page_marks.hpp"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct page_text {
  std::string body;
  std::string link = {};
};

/// Where the walk goes through these pages, and why it ends.
std::vector<std::string> walk(page_walk_options how, const std::vector<page_text>& pages) {
  if (how.url.empty()) how.url = "http://h/a?x=1";
  page_walk w(how);
  std::vector<std::string> way{w.url()};
  for (const page_text& p : pages) {
    http_response answer{.head = {.status = 200, .headers = {}}, .body = {}, .url = w.url()};
    if (!p.link.empty()) answer.head.headers.push_back({"Link", p.link});
    const auto page = page_body::json(p.body, parse_path("i"));
    const auto more = w.go_on(answer, *page);
    if (!more) way.push_back(more.error());
    if (!more || !*more) return way;
    way.push_back(w.url());
  }
  way.emplace_back("goes on");
  return way;
}

const std::string some = R"({"i":[1,2]})";
const std::string none = R"({"i":[]})";

TEST(PageWalk, follows_links_until_there_is_none) {
  EXPECT_THAT(walk({}, {{some, "<b?y>; rel=next"}, {none, "</c>; rel=next"}, {some}}),
              ElementsAre("http://h/a?x=1", "http://h/b?y", "http://h/c"));
}

TEST(PageWalk, follows_urls_in_the_body) {
  EXPECT_THAT(walk({.by = next_page::url, .cursor = parse_path("next")},
                   {{R"({"i":[1],"next":"https://other/b"})"}, {R"({"i":[1],"next":null})"}}),
              ElementsAre("http://h/a?x=1", "https://other/b"));
}

TEST(PageWalk, puts_cursors_into_a_parameter) {
  EXPECT_THAT(
      walk({.by = next_page::cursor, .cursor = parse_path("c"), .parameter = "after"},
           {{R"({"i":[],"c":"a/b"})"}, {R"({"i":[],"c":7})"}, {R"({"i":[],"c":""})"}}),
      ElementsAre("http://h/a?x=1", "http://h/a?x=1&after=a%2Fb", "http://h/a?x=1&after=7"));
}

TEST(PageWalk, counts_pages_until_one_is_empty) {
  EXPECT_THAT(
      walk({.by = next_page::page, .parameter = "page"}, {{some}, {R"({"i":[3]})"}, {none}}),
      ElementsAre("http://h/a?x=1", "http://h/a?x=1&page=2", "http://h/a?x=1&page=3"));
  EXPECT_THAT(walk({.url = "http://h/?page=0&n=2", .by = next_page::page, .parameter = "page"},
                   {{some}, {none}}),
              ElementsAre("http://h/?page=0&n=2", "http://h/?page=1&n=2"));
}

TEST(PageWalk, counts_records_until_there_are_none) {
  EXPECT_THAT(
      walk({.by = next_page::offset, .parameter = "skip"}, {{some}, {R"({"i":[3]})"}, {none}}),
      ElementsAre("http://h/a?x=1", "http://h/a?x=1&skip=2", "http://h/a?x=1&skip=3"));
}

TEST(PageWalk, ends_as_it_is_told) {
  const std::string link = "</b>; rel=next";
  EXPECT_EQ(walk({.max_pages = 1}, {{some, link}}).size(), 1u);
  EXPECT_EQ(walk({.stop_at_empty = true}, {{none, link}}).size(), 1u);
  const auto more = parse_path("more");
  EXPECT_EQ(walk({.more = more}, {{R"({"i":[1],"more":false})", link}}).size(), 1u);
  EXPECT_EQ(walk({.more = more}, {{some, link}}).size(), 1u);
  EXPECT_EQ(walk({.more = more}, {{R"({"i":[1],"more":true})", link}}).back(), "goes on");
  EXPECT_THAT(walk({.more = more}, {{R"({"i":[1],"more":true})"}}).back(),
              HasSubstr("nothing leads to the next"));
}

/// What speaks against it that the only page is the only one.
std::string doubt(page_walk_options how, const page_text& only) {
  how.url = "http://h/a";
  page_walk w(how);
  http_response answer{.head = {.status = 200, .headers = {}}, .body = {}, .url = w.url()};
  if (!only.link.empty()) answer.head.headers.push_back({"Link", only.link});
  EXPECT_EQ(w.go_on(answer, *page_body::json(only.body, parse_path("i"))), false);
  return w.doubt();
}

TEST(PageWalk, doubts_that_a_page_without_the_cursor_is_the_only_one) {
  const page_walk_options by_cursor{.by = next_page::cursor, .cursor = parse_path("meta.nxt")};
  EXPECT_THAT(doubt(by_cursor, {R"({"i":[1],"meta":{"next":"x"}})"}), HasSubstr("`meta.nxt`"));
  EXPECT_THAT(doubt(by_cursor, {R"({"i":null})"}), HasSubstr("`meta.nxt`"));
  EXPECT_EQ(doubt(by_cursor, {R"({"i":[1],"meta":{"nxt":null}})"}), "");
  EXPECT_EQ(doubt(by_cursor, {R"({"i":null,"meta":{"nxt":""}})"}), "");
  const page_walk_options with_more{.more = parse_path("has_mroe")};
  EXPECT_THAT(doubt(with_more, {R"({"i":[1],"has_more":true})"}), HasSubstr("`has_mroe`"));
  EXPECT_EQ(doubt(with_more, {R"({"i":[1],"has_mroe":false})"}), "");
}

TEST(PageWalk, doubts_that_a_full_page_without_links_is_the_only_one) {
  EXPECT_THAT(doubt({}, {R"({"i":[1,2,3,4,5,6,7,8,9,10]})"}), HasSubstr("10 records"));
  EXPECT_EQ(doubt({}, {R"({"i":[1,2,3,4,5,6,7,8,9,10]})", "</a>; rel=first"}), "");
  EXPECT_EQ(doubt({}, {some}), "");
  EXPECT_EQ(doubt({.max_pages = 1}, {R"({"i":[1,2,3,4,5,6,7,8,9,10]})"}), "");
}

TEST(PageWalk, doubts_no_later_page) {
  page_walk w({.url = "http://h/a", .by = next_page::cursor, .cursor = parse_path("c")});
  const http_response answer{.head = {.status = 200, .headers = {}}, .body = {}, .url = "http://h"};
  EXPECT_EQ(w.go_on(answer, *page_body::json(R"({"i":[1],"c":"x"})", parse_path("i"))), true);
  EXPECT_EQ(w.go_on(answer, *page_body::json(R"({"i":[2]})", parse_path("i"))), false);
  EXPECT_EQ(w.doubt(), "");
}

TEST(PageWalk, takes_no_object_for_a_cursor) {
  const page_walk_options by_cursor{.by = next_page::cursor, .cursor = parse_path("c")};
  EXPECT_THAT(walk(by_cursor, {{R"({"i":[1],"c":{"next":"x"}})"}}).back(), HasSubstr("neither"));
  EXPECT_EQ(walk(by_cursor, {{R"({"i":[1],"c":[]})"}}).size(), 1u);
}

TEST(PageWalk, notices_that_it_goes_in_a_circle) {
  EXPECT_THAT(
      walk({}, {{some, "</b>; rel=next"}, {some, "</c>; rel=next"}, {some, "</b>; rel=next"}})
          .back(),
      HasSubstr("read already"));
  EXPECT_THAT(walk({}, {{some, "</a?x=1>; rel=next"}}).back(), HasSubstr("read already"));
  EXPECT_THAT(walk({.by = next_page::cursor, .cursor = parse_path("c"), .parameter = "c"},
                   {{R"({"i":[],"c":"x"})"}, {R"({"i":[],"c":"x"})"}})
                  .back(),
              HasSubstr("read already"));
  EXPECT_THAT(walk({.by = next_page::page, .parameter = "page"}, {{some}, {some}}).back(),
              HasSubstr("the server does not know `page`"));
}

TEST(PageWalk, is_not_led_astray) {
  EXPECT_THAT(walk({}, {{some, "<file:///etc/passwd>; rel=next"}}).back(),
              HasSubstr("no URL of http"));
  EXPECT_THAT(walk({.url = "https://h/"}, {{some, "<http://h/b>; rel=next"}}).back(),
              HasSubstr("away from https"));
}

TEST(PageWalk, knows_where_it_is_at_home) {
  page_walk w({.url = "https://h/a"});
  EXPECT_TRUE(w.at_home());
  w.go_to("https://h/b");
  EXPECT_TRUE(w.at_home());
  w.go_to("https://h.evil/b");
  EXPECT_FALSE(w.at_home());
}

TEST(PageWalk, goes_on_at_a_place_of_another_one) {
  page_walk pages({.url = "http://h/", .by = next_page::page, .parameter = "p"});
  pages.go_to("7");
  EXPECT_EQ(pages.url(), "http://h/?p=7");
  const http_response answer{.head = {.status = 200, .headers = {}}, .body = {}, .url = {}};
  EXPECT_TRUE(pages.go_on(answer, *page_body::json("[1]", {})).value());
  EXPECT_EQ(pages.place(), "8");
}

TEST(PageMarks, give_the_page_that_a_position_lies_in) {
  page_marks marks;
  EXPECT_EQ(marks.token_at({}), "");
  marks.note({{}, ""});
  marks.note({{.offset = 100, .number = 10}, "c 1"});
  marks.note({{.offset = 200, .number = 20}, "c 2"});
  EXPECT_EQ(marks.token_at({.offset = 50, .number = 5}), "0 0 ");
  EXPECT_EQ(marks.token_at({.offset = 100, .number = 10}), "100 10 c 1");
  EXPECT_EQ(marks.token_at({.offset = 199, .number = 19}), "100 10 c 1");
  EXPECT_EQ(marks.token_at({.offset = 900, .number = 90}), "200 20 c 2");
  const page_mark back = mark_in("100 10 c 1");
  EXPECT_EQ(back.begin, (position{.offset = 100, .number = 10}));
  EXPECT_EQ(back.place, "c 1");
  EXPECT_EQ(mark_in("").begin, position{});
}

}  // namespace
}  // namespace weir
