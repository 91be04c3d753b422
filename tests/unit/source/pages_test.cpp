#include "source/pages.hpp"

#include <gmock/gmock.h>

#include "source/sources.hpp"
#include "unit/contract.hpp"
#include "unit/patient_clock.hpp"
#include "unit/scripted_server.hpp"

namespace weir {
namespace {

using namespace test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using networked = surroundings_in<patient_clock>;
using options = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<source> pages_of(const std::string& url, const options& given = {}) {
  step_text step;
  step.arguments.push_back({{}, {url, {}}, true});
  for (const auto& [name, value] : given) step.arguments.push_back({{name, {}}, {value, {}}, true});
  reporter report;
  auto made = from_pages().bind(step, report);
  for (const diagnostic& d : report.found()) ADD_FAILURE() << d.message;
  return std::get<std::unique_ptr<source>>(std::move(made->made));
}

/// The page of two records that leads to `next`.
std::string page(int first, const std::string& next = {}) {
  const std::string body = "[" + std::to_string(first) + "," + std::to_string(first + 1) + "]";
  return answer("200 OK", body, next.empty() ? "" : "Link: <" + next + ">; rel=next\r\n");
}

struct Pages : testing::Test {
  networked in;

  std::vector<std::string> all_of(source& from, resume_points resume = {}) {
    auto records = from.open(in.with, std::move(resume));
    positions at;
    return texts(read_all(records, in, at));
  }
};

TEST_F(Pages, are_asked_for_only_when_their_records_are_wanted) {
  scripted_server server(script{{.request = "GET /a", .answer = page(1, "/b")}});
  const auto from = pages_of(server.url("/a"));
  {
    from->look(in.with);
    auto records = from->open(in.with, {});
    positions at;
    EXPECT_THAT(texts(read_all(records, in, at, 2)), ElementsAre("1", "2"));
  }
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Pages, carry_credentials_to_their_own_origin_only) {
  scripted_server other(script{{.request = "GET /c", .answer = page(5)}});
  scripted_server server(script{{.request = "GET /a", .answer = page(1, "b")},
                                {.request = "GET /b", .answer = page(3, other.url("/c"))}});
  std::string url = server.url("/a");
  url.insert(url.find("//") + 2, "ann:geheim@");
  const auto from = pages_of(url, {{"header", "X-Api-Key: geheim"}});
  EXPECT_THAT(all_of(*from), ElementsAre("1", "2", "3", "4", "5", "6"));
  for (const seen_request& r : server.requests()) {
    EXPECT_EQ(r.header("Authorization"), "Basic YW5uOmdlaGVpbQ==");
    EXPECT_EQ(r.header("X-Api-Key"), "geheim");
  }
  for (const seen_request& r : other.requests()) {
    EXPECT_EQ(r.header("Authorization"), "");
    EXPECT_EQ(r.header("X-Api-Key"), "");
  }
}

TEST_F(Pages, carry_no_credentials_through_redirects_and_find_links_from_where_they_led) {
  scripted_server other(script{{.request = "GET /x/c", .answer = page(1, "d")},
                               {.request = "GET /x/d", .answer = page(3)}});
  scripted_server server(
      script{{.request = "GET /a",
              .answer = answer("302 There", "", "Location: " + other.url("/x/c") + "\r\n")}});
  const auto from = pages_of(server.url("/a"), {{"bearer", "geheim"}});
  EXPECT_THAT(all_of(*from), ElementsAre("1", "2", "3", "4"));
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Bearer geheim");
  for (const seen_request& r : other.requests()) EXPECT_EQ(r.header("Authorization"), "");
}

TEST_F(Pages, are_not_led_to_link_local_addresses) {
  scripted_server server(script{{.answer = page(1, "http://169.254.169.254/latest/meta-data")}});
  const auto from = pages_of(server.url("/a"), {{"connect_timeout", "10ms"}, {"patience", "1ms"}});
  EXPECT_THAT(all_of(*from), ElementsAre("1", "2"));
  EXPECT_THAT(from->why_unreadable(), ElementsAre(HasSubstr("169.254.169.254")));
}

TEST_F(Pages, say_that_the_only_one_may_not_be_the_last) {
  scripted_server server(script{{.answer = answer("200 OK", R"({"d":[1],"meta":{"next":"b"}})")}});
  std::vector<std::string> said;
  in.with.say = [&](const std::string& what) { said.push_back(what); };
  const auto from = pages_of(server.url("/a?key=geheim"),
                             {{"records", "d"}, {"next", "cursor"}, {"cursor", "meta.nxt"}});
  EXPECT_THAT(all_of(*from), ElementsAre("1"));
  EXPECT_THAT(said, ElementsAre(AllOf(HasSubstr("/a: the first page has no `meta.nxt`"),
                                      Not(HasSubstr("geheim")))));
}

TEST_F(Pages, are_waited_for_as_long_as_the_run_says_unless_they_say_so_themselves) {
  for (const auto& [given, wait] : {std::pair{options{}, 3}, {options{{"patience", "90s"}}, 90}}) {
    std::vector<std::string> said;
    in.with.say = [&](const std::string& what) { said.push_back(what); };
    const auto from = pages_of("http://127.0.0.1:1/a", given);
    dynamic_cast<waits_for_servers&>(*from).wait_for(std::chrono::seconds{3});
    const auto start = in.time.now();
    auto records = from->open(in.with, {});
    EXPECT_THROW(while (records.next({})){}, error);
    const auto waited = in.time.now() - start;
    EXPECT_GE(waited, std::chrono::seconds{wait});
    EXPECT_LE(waited, std::chrono::seconds{wait + 10});
    EXPECT_THAT(said, ElementsAre(AllOf(HasSubstr("waiting: "), HasSubstr("could not connect"))));
  }
}

TEST_F(Pages, that_fail_for_the_time_being_are_asked_for_again) {
  scripted_server server(
      script{{.answer = answer("429 Slow", "", "Retry-After: 30\r\n")},
             {.answer = page(1, "/b")},
             {.request = "GET /b", .answer = answer("503 Busy", "")},
             {.request = "GET /b",
              .answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[3,",
              .then = "reset"},
             {.request = "GET /b",
              .answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[3\r\n",
              .then = "close"},
             {.request = "GET /b", .then = "close"},
             {.request = "GET /b", .answer = page(3)}});
  const auto from = pages_of(server.url("/a"));
  const auto start = in.time.now();
  auto records = from->open(in.with, {});
  std::vector<std::string> lines;
  while (const batch* const b = records.next({}))
    for (const record& r : *b) lines.emplace_back(r.text());
  EXPECT_THAT(lines, ElementsAre("1", "2", "3", "4"));
  EXPECT_GE(in.time.now() - start, std::chrono::seconds{30});
  EXPECT_EQ(server.requests().size(), 7u);
}

TEST_F(Pages, that_cannot_be_had_end_the_walk_with_what_came_before) {
  for (const std::string& wrong : {answer("403 No", ""), answer("200 OK", "[3,"),
                                   answer("200 OK", "{\"items\":[]}"), page(3, "/a")}) {
    scripted_server server(script{{.answer = page(1, "/b")}, {.answer = wrong}});
    const auto from = pages_of(server.url("/a"));
    EXPECT_EQ(all_of(*from).size(), wrong == page(3, "/a") ? 4u : 2u);
    EXPECT_THAT(from->why_unreadable(), ElementsAre(HasSubstr(server.url("/b") + ": "))) << wrong;
  }
}

TEST_F(Pages, of_which_not_even_the_first_can_be_had_are_an_error) {
  const std::vector<std::pair<std::string, exit_code>> answers{
      {answer("404 No", ""), exit_code::no_input},
      {answer("401 No", ""), exit_code::unavailable},
      {answer("200 OK", "<html>"), exit_code::io},
      {answer("200 OK", "[" + std::string(2000, ' ') + "]"), exit_code::io}};
  for (const auto& [first, code] : answers) {
    scripted_server server(script{{.answer = first}});
    const auto from = pages_of(server.url("/a?key=geheim"), {{"max_page", "1000"}});
    try {
      all_of(*from);
      ADD_FAILURE() << first;
    } catch (const error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      EXPECT_THAT(e.what(), HasSubstr(server.url("/a") + ": "));
      EXPECT_THAT(std::string{e.what()} + e.hint(), Not(HasSubstr("geheim")));
      if (first.size() > 2000) {
        EXPECT_THAT(std::string{e.what()} + e.hint(), HasSubstr("larger than 1000 bytes"));
        EXPECT_THAT(e.hint(), HasSubstr("max_page"));
      }
    }
  }
}

TEST_F(Pages, that_changed_are_not_gone_on_with) {
  scripted_server server(script{{.answer = answer("200 OK", "[10000,2]")}});
  const auto from = pages_of(server.url("/a"));
  const resume_points behind_the_first{
      [](const shard&) { return position{.offset = 2, .number = 1}; }};
  try {
    all_of(*from, behind_the_first);
    ADD_FAILURE() << "it changed";
  } catch (const error& e) {
    EXPECT_THAT(e.what(), HasSubstr("has changed"));
  }
}

/// tests/servers/fake_api.py with 57 records, ten a page.
struct AnApi : Pages {
  server_process process{{"python3", WEIR_SOURCE_DIR "/tests/servers/fake_api.py", "57", "10"}};
  std::string port = process.read_line();

  std::unique_ptr<source> walk(const std::string& target, options given) {
    return pages_of("http://127.0.0.1:" + port + target, given);
  }
};

TEST_F(AnApi, gives_the_same_records_in_every_way) {
  const auto expected = all_of(*walk("/lines", {{"format", "ndjson"}}));
  ASSERT_EQ(expected.size(), 57u);
  EXPECT_THAT(expected.back(), HasSubstr("\"n\": 56"));
  const std::vector<std::pair<std::string, options>> ways{
      {"/link", {}},
      {"/url", {{"records", "data.items"}, {"next", "url"}, {"cursor", "`@next`"}}},
      {"/cursor",
       {{"records", "data.items"},
        {"next", "cursor"},
        {"cursor", "meta.next"},
        {"parameter", "after"}}},
      {"/page", {{"records", "data.items"}, {"next", "page"}}},
      {"/page", {{"records", "data.items"}, {"next", "page"}, {"more", "has_more"}}},
      {"/offset", {{"records", "data.items"}, {"next", "offset"}}}};
  for (const auto& [target, given] : ways) {
    const auto lines = all_of(*walk(target, given));
    ASSERT_EQ(lines.size(), 57u) << target;
    EXPECT_THAT(lines.back(), HasSubstr("\"big\": 123456789012345678901234567890")) << target;
  }
}

TEST(PagesContract, is_kept) {
  server_process process({"python3", WEIR_SOURCE_DIR "/tests/servers/fake_api.py", "9000", "9000"});
  const std::string url = "http://127.0.0.1:" + process.read_line();
  keeps_the_source_contract<networked>([&] { return pages_of(url + "/link"); });
  keeps_the_source_contract<networked>(
      [&] { return pages_of(url + "/lines", {{"format", "ndjson"}}); });
}

}  // namespace
}  // namespace weir
