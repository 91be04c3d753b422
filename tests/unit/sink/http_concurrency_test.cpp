#include <gmock/gmock.h>

#include "http_sink_fixture.hpp"
#include "weir/error.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using kind = delivery_error::kind;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string record_of(int n) {
  return "{\"n\":" + std::to_string(n) + "}";
}

/// How many requests were on their way when each came, itself included.
std::vector<std::size_t> open_at(const std::vector<seen_request>& all) {
  std::vector<std::size_t> out;
  for (const seen_request& r : all) out.push_back(r.open);
  return out;
}

/// A request with record `n`, answered once `after` requests have come.
script_entry with_record(int n, std::string answer, std::size_t after = 0) {
  return {.answer = std::move(answer), .having = record_of(n), .after = after};
}

/// Several requests on their way. When an answer comes is up to the server, so a failure may be
/// told by the call that is at hand then; what has to hold does so whichever it is.
struct HttpConcurrency : http_sink_fixture {
  std::vector<delivery_error> failures_;

  void open_with(const scripted_server& server, std::uint64_t concurrency) {
    options_.concurrency = concurrency;
    open(server);
  }
  /// Makes a call as the engine does: again, until it goes well.
  template <class Call>
  void insist(Call call) {
    for (auto done = call(); !done; done = call()) {
      failures_.push_back(done.error());
      if (failures_.size() > 10) return ADD_FAILURE() << "it never goes well";
    }
  }
  void write(const batch& b) {
    insist([&] { return sink_->write(b); });
  }
  void write(int n) { write(records({std::string_view(record_of(n))})); }
  void prepare() {
    insist([&] { return sink_->prepare(); });
  }
};

TEST_F(HttpConcurrency, has_as_many_requests_on_their_way_as_it_may) {
  scripted_server server(script(3, {.answer = ok, .after = 3}));
  open_with(server, 3);
  for (int n = 1; n <= 3; ++n) write(n);
  prepare();
  EXPECT_THAT(failures_, IsEmpty());
  const auto seen = server.requests();
  EXPECT_THAT(open_at(seen), ElementsAre(1, 2, 3));
  EXPECT_THAT(bodies(seen), UnorderedElementsAre("{\"n\":1}\n", "{\"n\":2}\n", "{\"n\":3}\n"));
}

TEST_F(HttpConcurrency, never_has_more_than_it_may) {
  scripted_server server(script(20, {.answer = ok}));
  open_with(server, 2);
  for (int n = 1; n <= 20; ++n) write(n);
  prepare();
  EXPECT_THAT(open_at(server.requests()), Each(Le(2u)));
}

TEST_F(HttpConcurrency, keeps_the_order_with_one_at_a_time) {
  scripted_server server(
      script{{.answer = ok}, {.answer = status("503 Down")}, {.answer = ok}, {.answer = ok}});
  open_with(server, 1);
  for (int n = 1; n <= 3; ++n) write(n);
  const auto seen = server.requests();
  EXPECT_THAT(bodies(seen),
              ElementsAre("{\"n\":1}\n", "{\"n\":2}\n", "{\"n\":2}\n", "{\"n\":3}\n"));
  EXPECT_THAT(open_at(seen), Each(1u));
}

TEST_F(HttpConcurrency, sends_only_what_came_back_again_and_with_the_same_key) {
  scripted_server server(script{with_record(1, status("503 Down"), 3), with_record(2, ok, 3),
                                with_record(3, ok, 3), with_record(1, ok)});
  open_with(server, 3);
  for (int n = 1; n <= 3; ++n) write(n);
  prepare();
  ASSERT_EQ(failures_.size(), 1u);
  EXPECT_EQ(failures_[0].what, kind::refused);
  std::vector<std::string> keys;
  for (const seen_request& r : server.requests())
    if (r.body == "{\"n\":1}\n") keys.push_back(r.header("Idempotency-Key"));
  EXPECT_THAT(keys, ElementsAre(keys.front(), keys.front()));
}

TEST_F(HttpConcurrency, probes_with_one_request_halves_their_number_and_lets_it_grow_again) {
  script all(4, {.answer = status("503 Down"), .after = 4});
  all.push_back({.answer = ok});  // the probe
  all.insert(all.end(), 2, {.answer = ok, .after = 7});
  all.push_back({.answer = ok});
  all.insert(all.end(), 3, {.answer = ok, .after = 11});
  scripted_server server(all);
  open_with(server, 4);
  for (int n = 1; n <= 4; ++n) write(n);
  prepare();
  EXPECT_EQ(failures_.size(), 1u);
  for (int n = 5; n <= 7; ++n) write(n);
  prepare();
  const auto open = open_at(server.requests());
  EXPECT_THAT(std::vector(open.begin(), open.begin() + 7), ElementsAre(1, 2, 3, 4, 1, 1, 2));
  EXPECT_LE(open[7], 2u);
  EXPECT_THAT(std::vector(open.begin() + 8, open.end()), ElementsAre(1, 2, 3));
}

TEST_F(HttpConcurrency, says_that_it_goes_on_only_once_the_probe_was_answered_well) {
  script all(2, {.answer = status("503 Down"), .after = 2});
  all.insert(all.end(), 3, {.answer = status("503 Down")});
  all.insert(all.end(), 2, {.answer = ok});
  scripted_server server(all);
  open_with(server, 2);
  write(1);
  write(2);
  prepare();
  EXPECT_EQ(failures_.size(), 4u);
  const auto open = open_at(server.requests());
  EXPECT_THAT(std::vector(open.begin() + 2, open.end()), Each(1u));
}

TEST_F(HttpConcurrency, waits_as_long_as_the_most_patient_answer_asks) {
  const auto busy = [](const std::string& seconds) {
    return answer("429 Too Many Requests", "", "Retry-After: " + seconds + "\r\n");
  };
  scripted_server server(script{{.answer = busy("120"), .after = 2},
                                {.answer = busy("30"), .after = 2},
                                {.answer = ok},
                                {.answer = ok}});
  open_with(server, 2);
  write(1);
  write(2);
  prepare();
  ASSERT_EQ(failures_.size(), 1u);
  EXPECT_EQ(failures_[0].retry_after, 120s);
}

TEST_F(HttpConcurrency, finds_the_bad_record_while_others_are_on_their_way) {
  scripted_server server(script{
      {.answer = status("422 No", "not a number"), .having = "1}\n{\"n\":\"bad\"}", .after = 3},
      with_record(3, ok, 5),
      with_record(4, ok, 5),
      with_record(1, ok),
      {.answer = status("422 No", "not a number"), .having = "bad"}});
  open_with(server, 3);
  write(records({R"({"n":1})", R"({"n":"bad"})"}));
  write(3);
  write(4);
  EXPECT_THAT(not_taken(), ElementsAre(Pair(2u, "HTTP 422: not a number")));
}

TEST_F(HttpConcurrency, tells_refused_records_in_their_order_whichever_was_answered_first) {
  const std::string no = status("400 No");
  scripted_server server(script{with_record(1, no, 3), with_record(2, no), with_record(3, no)});
  open_with(server, 2);
  for (int n = 1; n <= 3; ++n) write(n);
  EXPECT_THAT(not_taken(),
              ElementsAre(Pair(1u, "HTTP 400"), Pair(2u, "HTTP 400"), Pair(3u, "HTTP 400")));
}

TEST_F(HttpConcurrency, counts_a_server_that_does_not_answer_as_trouble) {
  scripted_server server(script{{.then = "reset", .having = record_of(1), .after = 2},
                                with_record(2, ok, 2),
                                {.then = "stall", .having = record_of(1)},
                                with_record(1, ok)});
  options_.timeout = 500ms;
  open_with(server, 3);
  write(1);
  write(2);
  prepare();
  ASSERT_EQ(failures_.size(), 2u);
  EXPECT_EQ(failures_[0].what, kind::unknown);
  EXPECT_EQ(failures_[1].what, kind::unknown);
}

TEST_F(HttpConcurrency, tells_what_is_for_good_without_waiting_for_the_others) {
  scripted_server server(script{{.then = "stall", .having = record_of(1), .after = 2},
                                with_record(2, status("401 No"), 2)});
  open_with(server, 3);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
  const time_point start = patient_.now();
  delivery done = sink_->write(records({R"({"n":2})"}));
  if (done) {
    auto ready = sink_->prepare();
    ASSERT_FALSE(ready);
    done = std::unexpected(ready.error());
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::broken);
  EXPECT_LT(patient_.now() - start, options_.timeout);
}

TEST_F(HttpConcurrency, gives_up_what_is_on_its_way_once_a_drain_has_no_time_left) {
  scripted_server server(script{{.then = "stall", .having = record_of(1)}, with_record(2, ok, 2)});
  open_with(server, 2);
  write(1);
  write(2);
  wake_.stop();
  wake_.stopped_since(patient_.now() - 11s);
  const auto done = sink_->prepare();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::unknown);
  EXPECT_THAT(done.error().message, HasSubstr("no answer"));
}

TEST_F(HttpConcurrency, holds_the_memory_of_bodies_only_while_they_are_on_their_way) {
  scripted_server server(script(2, {.answer = ok, .after = 2}));
  open_with(server, 2);
  const std::string long_line = "{\"text\":\"" + std::string(100'000, 'x') + "\"}";
  const batch one = records({std::string_view(long_line)});
  const batch two = records({std::string_view(long_line)});
  const std::size_t before = pool_->ceiling().used_bytes();
  write(one);
  EXPECT_EQ(pool_->ceiling().used_bytes(), before + long_line.size() + 1);
  write(two);
  prepare();
  EXPECT_EQ(pool_->ceiling().used_bytes(), before);
}

TEST_F(HttpConcurrency, begins_no_second_request_without_memory_for_it) {
  scripted_server server(script(3, {.answer = ok}));
  open_with(server, 3);
  const std::vector<std::string> lines{record_of(1), record_of(2), record_of(3)};
  std::vector<batch> batches;
  for (const std::string& line : lines) batches.push_back(records({std::string_view(line)}));
  pool_->ceiling().take(pool_->ceiling().limit_bytes());
  for (const batch& b : batches) write(b);
  prepare();
  EXPECT_THAT(open_at(server.requests()), Each(1u));
}

TEST_F(HttpConcurrency, goes_on_while_nothing_comes_in) {
  scripted_server server(script{{.answer = ok}});
  open_with(server, 2);
  EXPECT_EQ(sink_->due(), never);
  EXPECT_TRUE(sink_->write(records({R"({"n":1})"})));
  EXPECT_LE(sink_->due() - patient_.now(), 10ms);
  while (sink_->due() != never) EXPECT_TRUE(sink_->on_due());
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(HttpConcurrency, keeps_to_its_rate) {
  scripted_server server(script(4, {.answer = ok}));
  options_.rate = 20;
  open_with(server, 4);
  const time_point start = patient_.now();
  for (int n = 1; n <= 4; ++n) write(n);
  prepare();
  EXPECT_GE(patient_.now() - start, 150ms);
}

TEST_F(HttpConcurrency, says_what_holds_then_and_wants_groups_of_many_requests) {
  options_.url.text = "http://localhost/";
  EXPECT_THAT(make_http_sink(options_)->guarantee(), testing::Not(HasSubstr("another order")));
  options_.concurrency = 8;
  const auto many = make_http_sink(options_);
  EXPECT_THAT(many->guarantee(), HasSubstr("up to 8 requests at a time, which may arrive in "
                                           "another order"));
  EXPECT_GE(many->groups().bytes, 16u << 20);
  for (const std::uint64_t bad : {0UL, 65UL}) {
    options_.concurrency = bad;
    EXPECT_THROW(make_http_sink(options_), error);
  }
}

}  // namespace
}  // namespace weir::test
