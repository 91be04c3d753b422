#include "sink/http.hpp"

#include <gmock/gmock.h>

#include "http_sink_fixture.hpp"
#include "sink/http_body.hpp"
#include "weir/error.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using kind = delivery_error::kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

using HttpSink = http_sink_fixture;

TEST_F(HttpSink, sends_each_batch_as_one_request) {
  scripted_server server(script{{.request = "POST /in", .answer = ok}, {.answer = ok}});
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})", R"({"n":2})"})));
  EXPECT_TRUE(sink_->write(records({R"({"n":3})"})));
  EXPECT_THAT(not_taken(), IsEmpty());
  const auto seen = server.requests();
  EXPECT_THAT(bodies(seen), ElementsAre("{\"n\":1}\n{\"n\":2}\n", "{\"n\":3}\n"));
  EXPECT_EQ(seen[0].header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(seen[0].header("Idempotency-Key").size(), 32u);
  EXPECT_NE(seen[0].header("Idempotency-Key"), seen[1].header("Idempotency-Key"));
}

TEST_F(HttpSink, sends_nothing_for_a_batch_without_records) {
  scripted_server server(script{});
  open(server);
  EXPECT_TRUE(sink_->write(records({})));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpSink, sends_an_array_and_what_stands_around_it) {
  scripted_server server(script{{.answer = ok}});
  options_.format = "array";
  options_.body = R"({"events": {{records}}, "v": 1})";
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})", R"({"n":2})"})));
  const auto seen = server.requests();
  EXPECT_EQ(seen[0].body, R"({"events": [{"n":1},{"n":2}], "v": 1})");
  EXPECT_EQ(seen[0].header("Content-Type"), "application/json");
}

TEST_F(HttpSink, makes_each_record_by_a_template_that_stays_json) {
  scripted_server server(script{{.answer = ok}});
  options_.record = R"J({"text":"{{ msg }} ({{n}}{{none}})","raw":{{msg}},"none":{{none}}})J";
  open(server);
  EXPECT_TRUE(sink_->write(records({R"J({"n":7,"msg":"say \"hi\"\n"})J"})));
  const auto got = nlohmann::json::parse(server.requests()[0].body);
  EXPECT_EQ(got["text"], "say \"hi\"\n (7)");
  EXPECT_EQ(got["raw"], "say \"hi\"\n");
  EXPECT_EQ(got["none"], nullptr);
}

TEST_F(HttpSink, shows_credentials_to_the_server_only) {
  scripted_server server(script{{.answer = status("401 Unauthorized", "no such token")}});
  options_.bearer = secret{"geheim"};
  options_.header = {secret{"X-Api-Key: auch-geheim"}, secret{"X-Team: logs"}};
  open(server, "/in?token=geheim");
  const auto got = sink_->write(records({R"({"n":1})"}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::broken);
  EXPECT_EQ(got.error().code, exit_code::unavailable);
  EXPECT_EQ(got.error().message, server.url("/in") + ": HTTP 401 (no such token)");
  const auto seen = server.requests();
  EXPECT_EQ(seen[0].header("Authorization"), "Bearer geheim");
  EXPECT_EQ(seen[0].header("X-Api-Key"), "auch-geheim");
  EXPECT_EQ(seen[0].header("X-Team"), "logs");
}

TEST_F(HttpSink, knows_basic_authorization) {
  scripted_server server(script{{.answer = ok}});
  options_.user = "Aladdin";
  options_.password = secret{"open sesame"};
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
  // RFC 7617, section 2.
  EXPECT_EQ(server.requests()[0].header("Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(HttpSink, packs_bodies_with_gzip) {
  scripted_server server(script{{.answer = ok}, {.answer = ok}});
  options_.compress = "gzip";
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
  EXPECT_TRUE(sink_->write(records({R"({"n":2})"})));
  const auto seen = server.requests();
  EXPECT_EQ(seen[0].header("Content-Encoding"), "gzip");
  std::ofstream(path("body.gz"), std::ios::binary) << seen[1].body;
  // The server log has the bytes as Latin-1 in UTF-8.
  EXPECT_EQ(output_of("iconv -f utf-8 -t latin1 " + path("body.gz") + " | gzip -dc"),
            "{\"n\":2}\n");
}

TEST_F(HttpSink, is_refused_by_429_and_503_for_as_long_as_the_server_asks) {
  scripted_server server(
      script{{.answer = answer("429 Too Many Requests", "", "Retry-After: 120\r\n")},
             {.answer = answer("503 Service Unavailable", "")},
             {.answer = ok}});
  open(server);
  const batch b = records({R"({"n":1})"});
  const auto first = sink_->write(b);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().what, kind::refused);
  EXPECT_EQ(first.error().retry_after, 120s);
  EXPECT_EQ(sink_->write(b).error().what, kind::refused);
  EXPECT_TRUE(sink_->write(b));
  const auto seen = server.requests();
  EXPECT_EQ(seen[0].header("Idempotency-Key"), seen[2].header("Idempotency-Key"));
}

TEST_F(HttpSink, sends_again_with_the_same_key_when_the_answer_was_lost) {
  scripted_server server(script{{.then = "reset"}, {.then = "stall"}, {.answer = ok}});
  options_.timeout = 500ms;
  open(server);
  const batch b = records({R"({"n":1})", R"({"n":2})"});
  EXPECT_EQ(sink_->write(b).error().what, kind::unknown);
  EXPECT_EQ(sink_->write(b).error().what, kind::unknown);
  EXPECT_TRUE(sink_->write(b));
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 3u);
  for (const seen_request& r : seen) {
    EXPECT_EQ(r.body, seen[0].body);
    EXPECT_EQ(r.header("Idempotency-Key"), seen[0].header("Idempotency-Key"));
  }
}

TEST_F(HttpSink, is_refused_by_a_server_that_is_down) {
  std::string url;
  {
    scripted_server server(script{});
    url = server.url("/in");
  }
  options_.url.text = url;
  sink_ = make_http_sink(options_);
  sink_->open(with_);
  const auto got = sink_->write(records({R"({"n":1})"}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::refused);
  EXPECT_EQ(got.error().code, exit_code::unavailable);
  EXPECT_THAT(got.error().message, HasSubstr(url));
}

TEST_F(HttpSink, waits_for_leave_to_send_a_large_body_again) {
  scripted_server server(script{{.answer = status("503 Down")}, {.answer = ok}});
  open(server);
  const batch b = records({R"({"text":")" + std::string(5000, 'x') + "\"}"});
  EXPECT_FALSE(sink_->write(b));
  EXPECT_TRUE(sink_->write(b));
  const auto seen = server.requests();
  EXPECT_EQ(seen[0].header("Expect"), "");
  EXPECT_EQ(seen[1].header("Expect"), "100-continue");
}

/// Answers as a server would that wants no record with "bad" in it: the halves, in order.
TEST_F(HttpSink, finds_the_record_that_the_server_does_not_want) {
  const std::string no = status("422 Unprocessable Content", "n has to be a number");
  scripted_server server(
      script{{.answer = no}, {.answer = ok}, {.answer = no}, {.answer = no}, {.answer = ok}});
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})", R"({"n":2})", R"({"n":"bad"})", R"({"n":4})"})));
  EXPECT_THAT(not_taken(), ElementsAre(Pair(3u, "HTTP 422: n has to be a number")));
  EXPECT_THAT(not_taken(), IsEmpty());
  EXPECT_THAT(
      bodies(server.requests()),
      ElementsAre("{\"n\":1}\n{\"n\":2}\n{\"n\":\"bad\"}\n{\"n\":4}\n", "{\"n\":1}\n{\"n\":2}\n",
                  "{\"n\":\"bad\"}\n{\"n\":4}\n", "{\"n\":\"bad\"}\n", "{\"n\":4}\n"));
}

TEST_F(HttpSink, goes_on_with_the_halves_that_are_left_when_it_is_asked_again) {
  scripted_server server(script{{.answer = status("413 Too Large")},
                                {.answer = ok},
                                {.answer = status("503 Down")},
                                {.answer = ok}});
  open(server);
  const batch b = records({R"({"n":1})", R"({"n":2})"});
  EXPECT_FALSE(sink_->write(b));
  EXPECT_TRUE(sink_->write(b));
  EXPECT_THAT(bodies(server.requests()),
              ElementsAre("{\"n\":1}\n{\"n\":2}\n", "{\"n\":1}\n", "{\"n\":2}\n", "{\"n\":2}\n"));
}

TEST_F(HttpSink, tells_a_bounded_number_of_reasons_apart) {
  script answers;
  std::vector<std::string> lines;
  for (int i = 0; i < 110; ++i) {
    answers.push_back({.answer = status("400 Bad", "no " + std::to_string(i))});
    lines.push_back("{\"n\":" + std::to_string(i) + "}");
  }
  scripted_server server(answers);
  open(server);
  for (const std::string& line : lines) {
    const batch b = records({line});
    EXPECT_TRUE(sink_->write(b));
  }
  const auto all = not_taken();
  EXPECT_EQ(all[99].second, "HTTP 400: no 99");
  EXPECT_EQ(all[100].second, "HTTP 400");
}

TEST_F(HttpSink, follows_no_redirect) {
  scripted_server server(
      script{{.answer = answer("301 Moved", "", "Location: https://elsewhere/in?k=geheim\r\n")}});
  open(server);
  const auto got = sink_->write(records({R"({"n":1})"}));
  EXPECT_EQ(got.error().what, kind::broken);
  EXPECT_THAT(got.error().message, HasSubstr("HTTP 301, it leads to https://elsewhere/in ("));
}

TEST_F(HttpSink, takes_a_success_that_breaks_off_behind_its_head) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .then = "close"}});
  open(server);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
}

TEST_F(HttpSink, keeps_to_its_rate) {
  scripted_server server(script{{.answer = ok}, {.answer = ok}, {.answer = ok}});
  options_.rate = 0.5;
  open(server);
  const time_point start = patient_.now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
  EXPECT_GE(patient_.now() - start, 4s);
  EXPECT_LT(patient_.now() - start, 5s);
}

TEST_F(HttpSink, keeps_a_key_over_runs_with_the_same_state) {
  std::vector<std::string> keys;
  for (const std::string_view pipeline : {"p1", "p1", "p2"}) {
    scripted_server server(script{{.answer = ok}});
    options_.url.text = server.url();
    sink_ = make_http_sink(options_);
    sink_->resume(with_, {.last = {.pipeline = pipeline, .entry = 4}});
    at_ = {};
    EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
    keys.push_back(server.requests()[0].header("Idempotency-Key"));
  }
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_NE(keys[1], keys[2]);
}

TEST_F(HttpSink, refuses_options_that_contradict_each_other) {
  options_.url.text = "https://localhost/";
  const auto complaint = [](http_sink_options o) -> std::string {
    try {
      make_http_sink(o);
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
      return e.what();
    }
    return {};
  };
  auto o = options_;
  o.record = "{{msg";
  EXPECT_EQ(complaint(o), "`record`: `{{` without `}}`");
  o.record = "{{a b}}";
  EXPECT_EQ(complaint(o), "`record`: `{{a b}}` names no field");
  o = options_;
  o.body = "nothing";
  EXPECT_EQ(complaint(o), "`body`: it needs one place `{{records}}`");
  o = options_;
  o.header = {secret{"geheim"}};
  EXPECT_THAT(complaint(o), Not(HasSubstr("geheim")));
  o = options_;
  o.password = secret{"x"};
  EXPECT_EQ(complaint(o), "`password` needs `user`");
  o = options_;
  o.rate = 0;
  EXPECT_EQ(complaint(o), "`rate` is more than 0");
}

}  // namespace
}  // namespace weir::test
