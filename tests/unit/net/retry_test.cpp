#include <gmock/gmock.h>

#include <vector>

#include "net/http_retry.hpp"
#include "unit/net/client_fixture.hpp"

namespace weir {
namespace {

using namespace test;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using testing::ElementsAre;
using testing::HasSubstr;

uniform_chance always(double value) {
  return [value] { return value; };
}

std::vector<nanoseconds> all_waits(backoff_policy policy, double chance,
                                   std::optional<nanoseconds> asked = {}) {
  std::vector<nanoseconds> waits;
  auto schedule = backoff(policy, always(chance));
  while (const nanoseconds* const wait = schedule.next(asked)) waits.push_back(*wait);
  return waits;
}

TEST(Backoff, doubles_up_to_the_longest) {
  const backoff_policy policy{.first = 1s, .longest = 5s, .budget = 1h, .attempts_max = 6};
  EXPECT_THAT(all_waits(policy, 1), ElementsAre(1s, 2s, 4s, 5s, 5s));
}

TEST(Backoff, draws_from_the_whole_of_it) {
  const backoff_policy policy{.first = 1s, .longest = 5s, .budget = 1h, .attempts_max = 4};
  EXPECT_THAT(all_waits(policy, 0), ElementsAre(0s, 0s, 0s));
  EXPECT_THAT(all_waits(policy, 0.25), ElementsAre(250ms, 500ms, 1s));
}

TEST(Backoff, never_waits_less_than_the_server_asked_for) {
  const backoff_policy policy{.first = 1s, .longest = 5s, .budget = 1h, .attempts_max = 4};
  EXPECT_THAT(all_waits(policy, 1, 3s), ElementsAre(3s, 3s, 4s));
}

TEST(Backoff, ends_with_its_budget) {
  const backoff_policy policy{.first = 1s, .longest = 5s, .budget = 7s, .attempts_max = 100};
  EXPECT_THAT(all_waits(policy, 1), ElementsAre(1s, 2s, 4s));
  EXPECT_THAT(all_waits({.first = 1s, .longest = 5s, .budget = 9s, .attempts_max = 100}, 1),
              ElementsAre(1s, 2s, 4s, 2s));
  EXPECT_THAT(all_waits(policy, 0, 8s), ElementsAre());
}

TEST(Backoff, real_chance_lies_between_0_and_1) {
  const auto chance = real_chance();
  for (int i = 0; i < 1000; ++i) {
    const double drawn = chance();
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 1);
  }
}

http_head head_with(const std::string& retry_after) {
  return {.status = 503, .headers = {{"retry-after", retry_after}}};
}

TEST(RetryAfter, is_a_number_of_seconds_or_a_date) {
  constexpr std::int64_t now = 784'111'777'000'000'000;  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(retry_after(head_with("120"), now), 120s);
  EXPECT_EQ(retry_after(head_with("Sun, 06 Nov 1994 08:50:00 GMT"), now), 23s);
  EXPECT_EQ(retry_after(head_with("Sun, 06 Nov 1994 08:00:00 GMT"), now), 0s);
  EXPECT_EQ(retry_after(head_with("99999999999999999999"), now), std::nullopt);
  EXPECT_EQ(retry_after(head_with("soon"), now), std::nullopt);
  EXPECT_EQ(retry_after({}, now), std::nullopt);
}

TEST(RetryAfter, is_not_believed_beyond_a_day) {
  EXPECT_EQ(retry_after(head_with("9999999999"), 0), 24h);
}

TEST(MayRetry, depends_on_what_the_server_may_have_done) {
  using kind = http_failure::kind;
  const auto failed = [](kind what, int status = 0, bool lasting = false) {
    return http_failure{.what = what, .message = {}, .status = status, .lasting = lasting};
  };
  EXPECT_TRUE(may_retry(failed(kind::unsent), false));
  EXPECT_FALSE(may_retry(failed(kind::unsent, 0, true), true));
  EXPECT_TRUE(may_retry(failed(kind::unknown), true));
  EXPECT_FALSE(may_retry(failed(kind::unknown), false));
  EXPECT_TRUE(may_retry(failed(kind::status, 429), false));
  EXPECT_TRUE(may_retry(failed(kind::status, 503), false));
  EXPECT_FALSE(may_retry(failed(kind::status, 500), false));
  EXPECT_TRUE(may_retry(failed(kind::status, 500), true));
  EXPECT_FALSE(may_retry(failed(kind::interrupted), true));
}

struct FetchPatiently : client_fixture {
  backoff_policy policy{.first = 1s, .longest = 8s, .budget = 60s, .attempts_max = 4};

  http_result<http_response> fetch(const http_request& what) {
    auto http = client();
    const auto make = [&what] {
      http_request same;
      same.method = what.method;
      same.url = what.url;
      same.body = what.body;
      return http_result<http_request>{std::move(same)};
    };
    return fetch_patiently(http, make, policy, always(1));
  }
};

TEST_F(FetchPatiently, waits_as_long_as_the_server_asks_and_tries_again) {
  scripted_server server(
      script{{.answer = answer("503 Slow Down", "", "Retry-After: 30\r\n"), .then = "close"},
             {.then = "reset"},
             {.answer = answer("500 Oops", ""), .then = "close"},
             {.answer = answer("200 OK", "at last")}});
  const auto start = time.now();
  const auto got = fetch(get(server.url()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "at last");
  EXPECT_EQ(time.now() - start, 30s + 2s + 4s);
}

TEST_F(FetchPatiently, gives_up_with_the_last_cause) {
  script answers;
  for (int i = 0; i < 4; ++i)
    answers.push_back({.answer = answer("503 Slow Down", ""), .then = "close"});
  scripted_server server(answers);
  const auto got = fetch(get(server.url("/a?token=geheim")));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, server.url("/a") + ": HTTP 503 (service unavailable)");
}

TEST_F(FetchPatiently, does_not_repeat_what_will_not_change) {
  scripted_server server(script{{.answer = answer("403 Forbidden", "")}});
  const auto got = fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().status, 403);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(FetchPatiently, does_not_repeat_what_may_have_been_done) {
  scripted_server server(script{{.then = "close"}});
  const auto got = fetch(post(server.url(), "100 EUR"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, http_failure::kind::unknown);
}

TEST_F(FetchPatiently, ends_its_wait_when_the_pipeline_is_stopped) {
  scripted_server server(script{{.answer = answer("503 Slow Down", "", "Retry-After: 50\r\n")}});
  auto http = client();
  const auto make = [&] { return http_result<http_request>{get(server.url())}; };
  auto stopping = [&] {
    wake.stop();
    return 1.0;
  };
  const auto got = fetch_patiently(http, make, policy, stopping);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().status, 503);
}

}  // namespace
}  // namespace weir
