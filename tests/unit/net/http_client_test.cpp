#include "net/http_client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "unit/net/client_fixture.hpp"

namespace weir {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using kind = http_failure::kind;

using HttpClient = client_fixture;

TEST_F(HttpClient, gives_status_headers_and_body) {
  scripted_server server(
      script{{.request = "GET /a%20b?x=1",
              .answer = answer("404 Not Found", "no such thing", "X-Some: thing\r\n")}});
  auto http = client();
  auto request = get(server.url("/a%20b?x=1"));
  request.headers.push_back({"X-Mine", "yes"});
  request.headers.push_back({"X-Empty", ""});
  const auto got = http.fetch(std::move(request));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->head.status, 404);
  EXPECT_EQ(*got->head.find("x-SOME"), "thing");
  EXPECT_EQ(got->head.length(), 13u);
  EXPECT_EQ(got->body, "no such thing");
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].header("X-Mine"), "yes");
  EXPECT_EQ(seen[0].header("X-Empty"), "");
  EXPECT_THAT(seen[0].header("User-Agent"), HasSubstr("weir/"));
}

TEST_F(HttpClient, sends_the_path_as_it_stands) {
  scripted_server server(
      script{{.request = "GET /a/../b//c/.%2e", .answer = answer("200 OK", "")}});
  EXPECT_TRUE(client().fetch(get(server.url("/a/../b//c/.%2e"))));
}

TEST_F(HttpClient, gives_a_large_body_in_blocks_and_holds_no_more_than_one) {
  constexpr std::uint64_t size = 5'000'000;
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", .fill = size}});
  auto http = client();
  const auto exchange = http.start(get(server.url()));
  ASSERT_TRUE(exchange->await_head(never, *with.pool));
  auto body = exchange->body(with);
  std::uint64_t got = 0;
  while (const chunk* const c = body.next({})) {
    for (std::size_t i = 0; i < c->bytes.size(); ++i)
      ASSERT_EQ(c->bytes[i], static_cast<char>('a' + (got + i) % 26)) << "at " << got + i;
    got += c->bytes.size();
  }
  EXPECT_EQ(got, size);
  EXPECT_TRUE(exchange->complete());
  EXPECT_LE(ceiling->peak_bytes(), block_bytes);
}

TEST_F(HttpClient, leaves_in_the_network_what_nobody_asks_for) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", .fill = 900'000}});
  auto http = client();
  const auto exchange = http.start(get(server.url()));
  ASSERT_TRUE(exchange->await_head(never, *with.pool));
  auto body = exchange->body(with);
  ASSERT_NE(body.next({}), nullptr);
  // Hours pass between two pulls: no time-out, and no byte is lost.
  time.wait_readable(-1, wake, time.now() + std::chrono::hours{5});
  std::uint64_t rest = 0;
  while (const chunk* const c = body.next({})) rest += c->bytes.size();
  EXPECT_EQ(exchange->failure(), nullptr);
  EXPECT_GE(rest, 900'000 - block_bytes);
}

TEST_F(HttpClient, answers_at_once_when_the_deadline_is_past) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", .then = "stall"}});
  auto http = client();
  const auto exchange = http.start(get(server.url()));
  const auto start = time.now();
  exchange->await_head(start - seconds{1}, *with.pool);
  EXPECT_EQ(time.now(), start);
  ASSERT_TRUE(exchange->await_head(never, *with.pool));
  auto body = exchange->body(with);
  const auto before = time.now();
  const chunk* const nothing = body.next({.until = before - seconds{1}, .drain = false});
  ASSERT_NE(nothing, nullptr);
  EXPECT_TRUE(nothing->bytes.empty());
  EXPECT_EQ(time.now(), before);
}

TEST_F(HttpClient, says_that_nothing_was_sent_when_it_is_refused) {
  std::string url;
  {
    scripted_server gone(script{});
    url = gone.url("/x?token=geheim");
  }
  const auto got = client().fetch(get(url));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::unsent);
  EXPECT_FALSE(got.error().lasting);
  EXPECT_THAT(got.error().message, HasSubstr("Connection refused"));
  EXPECT_THAT(got.error().message, Not(HasSubstr("geheim")));
}

TEST_F(HttpClient, says_that_the_outcome_is_unknown_when_the_answer_is_lost) {
  for (const std::string then : {"close", "reset"}) {
    scripted_server server(script{{.then = then}});
    const auto got = client().fetch(post(server.url(), "a body"));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().what, kind::unknown) << got.error().message;
    EXPECT_EQ(server.requests().size(), 1u);
  }
}

TEST_F(HttpClient, takes_a_short_body_for_broken_not_for_the_end) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
  for (const auto& text : {chunked, sized}) {
    scripted_server server(script{{.answer = text, .then = "close"}});
    auto http = client();
    const auto exchange = http.start(get(server.url()));
    ASSERT_TRUE(exchange->await_head(never, *with.pool));
    auto body = exchange->body(with);
    std::string got;
    while (const chunk* const c = body.next({})) got += c->bytes;
    EXPECT_EQ(got, "hello");
    EXPECT_FALSE(exchange->complete());
    ASSERT_NE(exchange->failure(), nullptr);
    EXPECT_EQ(exchange->failure()->what, kind::unknown);
    EXPECT_EQ(exchange->failure()->status, 200);
  }
}

TEST_F(HttpClient, bounds_the_time_to_the_first_byte) {
  scripted_server server(script{{.then = "stall"}});
  options.time_outs.first_byte = seconds{42};
  const auto start = time.now();
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::unknown);
  EXPECT_THAT(got.error().message, HasSubstr("no answer within 42 s"));
  EXPECT_GE(time.now() - start, seconds{42});
}

TEST_F(HttpClient, bounds_the_silence_within_a_body) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123", .then = "stall"}});
  options.time_outs.idle = seconds{7};
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("no byte came for 7 s"));
}

TEST_F(HttpClient, bounds_the_whole) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123", .then = "stall"}});
  options.time_outs.total = seconds{5};
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("it was not done within 5 s"));
}

/// A server that takes connections and never says a word.
class mute_server {
 public:
  mute_server() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const auto address = reinterpret_cast<sockaddr*>(&at);
    EXPECT_EQ(::bind(fd_, address, size), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    EXPECT_EQ(::getsockname(fd_, address, &size), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/";
  }
  ~mute_server() { ::close(fd_); }
  const std::string& url() const { return url_; }

 private:
  int fd_;
  std::string url_;
};

TEST_F(HttpClient, ends_when_the_pipeline_is_stopped) {
  const mute_server server;
  wake.stop();
  const auto start = time.now();
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::interrupted);
  EXPECT_EQ(time.now(), start);
}

TEST_F(HttpClient, goes_on_while_others_are_only_nudged) {
  scripted_server server(script{{.answer = answer("200 OK", "here")}});
  wake.nudge();
  const auto got = client().fetch(get(server.url()));
  wake.calm();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "here");
}

TEST_F(HttpClient, follows_a_redirect_without_credentials) {
  scripted_server elsewhere(script{{.request = "GET /there", .answer = answer("200 OK", "found")}});
  scripted_server server(script{
      {.request = "GET /here",
       .answer = answer("302 Found", "moved", "Location: " + elsewhere.url("/there") + "\r\n")}});
  auto request = get("http://user:pass@127.0.0.1:" + server.port() + "/here");
  request.credentials.push_back({"X-Api-Key", secret{"geheim"}});
  request.headers.push_back({"Accept", "text/plain"});
  const auto got = client().fetch(std::move(request));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "found");
  const auto first = server.requests();
  EXPECT_EQ(first.at(0).header("X-Api-Key"), "geheim");
  EXPECT_EQ(first.at(0).header("Authorization"), "Basic dXNlcjpwYXNz");
  const auto second = elsewhere.requests();
  EXPECT_EQ(second.at(0).header("X-Api-Key"), "");
  EXPECT_EQ(second.at(0).header("Authorization"), "");
  EXPECT_EQ(second.at(0).header("Accept"), "text/plain");
}

TEST_F(HttpClient, gives_the_redirect_itself_where_it_may_not_follow) {
  const std::string moved = answer("307 Temporary Redirect", "", "Location: /there\r\n");
  scripted_server server(
      script{{.request = "POST /here", .answer = moved},
             {.request = "GET /loop", .answer = answer("301 Moved", "", "Location: /loop\r\n")},
             {.request = "GET /loop", .answer = answer("301 Moved", "", "Location: /loop\r\n")}});
  auto http = client();
  EXPECT_EQ(http.fetch(post(server.url("/here"), "x"))->head.status, 307);
  options.redirects_max = 1;
  EXPECT_EQ(client().fetch(get(server.url("/loop")))->head.status, 301);
}

TEST_F(HttpClient, never_goes_from_a_redirect_to_another_protocol) {
  scripted_server server(
      script{{.answer = answer("302 Found", "", "Location: file:///etc/passwd\r\n")}});
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().lasting);
}

TEST_F(HttpClient, keeps_its_connection) {
  scripted_server server(
      script{{.request = "GET /1", .answer = answer("200 OK", "one")},
             {.request = "GET /2", .answer = answer("200 OK", "two"), .then = "close"}});
  auto http = client();
  EXPECT_EQ(http.fetch(get(server.url("/1")))->body, "one");
  EXPECT_EQ(http.fetch(get(server.url("/2")))->body, "two");
}

TEST_F(HttpClient, does_not_send_twice_what_must_not_be_repeated) {
  // The second request goes out on the kept connection, which the server closes without a word;
  // curl by itself would send it again on a new one.
  const script answers = {{.request = "GET /", .answer = answer("200 OK", "")},
                          {.request = "POST /pay", .then = "close"}};
  scripted_server server(answers);
  auto http = client();
  ASSERT_TRUE(http.fetch(get(server.url())));
  const auto got = http.fetch(post(server.url("/pay"), "100 EUR"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::unknown);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(HttpClient, sends_bodies_with_their_length) {
  scripted_server server(script{{.request = "PUT /o", .answer = answer("200 OK", "")},
                                {.request = "POST /p", .answer = answer("200 OK", "")}});
  auto http = client();
  auto put = post(server.url("/o"), std::string("with\0zero", 9));
  put.method = "PUT";
  put.headers.push_back({"Content-Type", "application/json"});
  ASSERT_TRUE(http.fetch(std::move(put)));
  ASSERT_TRUE(http.fetch(post(server.url("/p"), "")));
  const auto seen = server.requests();
  EXPECT_EQ(seen.at(0).body, std::string("with\0zero", 9));
  EXPECT_EQ(seen.at(0).header("Content-Length"), "9");
  EXPECT_EQ(seen.at(0).header("Content-Type"), "application/json");
  EXPECT_EQ(seen.at(0).header("Expect"), "");
  EXPECT_EQ(seen.at(1).header("Content-Length"), "0");
  EXPECT_EQ(seen.at(1).header("Content-Type"), "");
}

generator<const std::string_view> some_pieces() {
  const std::string_view one = "one ";
  co_yield one;
  const std::string_view two = "two ";
  co_yield two;
  const std::string large(300'000, 'x');
  const std::string_view three = large;
  co_yield three;
}

TEST_F(HttpClient, sends_a_body_while_it_is_made) {
  scripted_server server(script{{.request = "PUT /sized", .answer = answer("200 OK", "")},
                                {.request = "PUT /chunked", .answer = answer("200 OK", "")}});
  auto http = client();
  http_request sized;
  sized.method = "PUT";
  sized.url = server.url("/sized");
  sized.upload = http_upload{some_pieces(), 300'008};
  ASSERT_TRUE(http.fetch(std::move(sized)));
  http_request chunked;
  chunked.method = "PUT";
  chunked.url = server.url("/chunked");
  chunked.upload = http_upload{some_pieces(), std::nullopt};
  ASSERT_TRUE(http.fetch(std::move(chunked)));
  const auto seen = server.requests();
  EXPECT_EQ(seen.at(0).header("Content-Length"), "300008");
  EXPECT_EQ(seen.at(0).body, "one two " + std::string(300'000, 'x'));
  EXPECT_EQ(seen.at(1).header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(seen.at(1).body, seen.at(0).body);
}

TEST_F(HttpClient, refuses_a_header_that_would_begin_another) {
  auto request = get("http://127.0.0.1:1/");
  request.headers.push_back({"X-Name", "a\r\nX-Other: b"});
  const auto got = client().fetch(std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, kind::unsent);
  EXPECT_TRUE(got.error().lasting);
}

TEST_F(HttpClient, bounds_headers_and_fetched_bodies) {
  scripted_server server(script{
      {.request = "GET /head",
       .answer = answer("200 OK", "",
                        "X: " + std::string(90'000, 'x') + "\r\nY: " + std::string(90'000, 'x') +
                            "\r\nZ: " + std::string(90'000, 'x') + "\r\n"),
       .then = "close"},
      {.request = "GET /body",
       .answer = answer("200 OK", std::string(2000, 'x')),
       .then = "close"}});
  auto http = client();
  const auto head = http.fetch(get(server.url("/head")));
  ASSERT_FALSE(head);
  EXPECT_THAT(head.error().message, HasSubstr("headers are larger"));
  EXPECT_TRUE(head.error().lasting);
  const auto body = http.fetch(get(server.url("/body")), 1000);
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, HasSubstr("larger than 1000 bytes"));
}

TEST_F(HttpClient, goes_through_a_proxy) {
  scripted_server proxy(
      script{{.request = "GET http://example.test/x", .answer = answer("200 OK", "by proxy")}});
  options.proxy = "http://me:geheim@127.0.0.1:" + proxy.port();
  EXPECT_EQ(client().fetch(get("http://example.test/x"))->body, "by proxy");
  EXPECT_EQ(proxy.requests().at(0).header("Proxy-Authorization"), "Basic bWU6Z2VoZWlt");
  const auto gone = client().fetch(get("http://example.test/x"));
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().message, Not(HasSubstr("geheim")));
}

TEST_F(HttpClient, takes_the_proxy_of_the_environment) {
  scripted_server proxy(
      script{{.request = "GET http://example.test/y", .answer = answer("200 OK", "y")}});
  ::setenv("http_proxy", ("http://127.0.0.1:" + proxy.port()).c_str(), 1);
  const auto got = client().fetch(get("http://example.test/y"));
  ::unsetenv("http_proxy");
  EXPECT_TRUE(got) << got.error().message;
}

TEST_F(HttpClient, says_that_a_server_speaks_something_else) {
  scripted_server server(script{{.answer = "SSH-2.0-OpenSSH_9.2\r\n", .then = "close"}});
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().lasting);
  EXPECT_TRUE(got.error().message.ends_with("that is no HTTP: only http and https are spoken"))
      << got.error().message;
}

TEST_F(HttpClient, speaks_nothing_but_http) {
  for (const std::string url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "no url", "http://"}) {
    const auto got = client().fetch(get(url));
    ASSERT_FALSE(got) << url;
    EXPECT_EQ(got.error().what, kind::unsent) << url;
    EXPECT_TRUE(got.error().lasting || url == "no url") << url << got.error().message;
  }
}

/// A certificate of that subject with its key, in one PEM file, signed by itself.
std::string make_certificate(const std::string& name) {
  const std::string path = testing::TempDir() + "weir-" + name + ".pem";
  const std::string command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout " + path +
                              ".key -out " + path + ".crt -subj /CN=" + name +
                              " -addext subjectAltName=DNS:" + name + " 2>/dev/null && cat " +
                              path + ".crt " + path + ".key > " + path;
  EXPECT_EQ(std::system(command.c_str()), 0);
  return path;
}

TEST_F(HttpClient, verifies_certificates) {
  const std::string pem = make_certificate("localhost");
  scripted_server server(script{{.answer = answer("200 OK", "safe")}}, pem);
  const auto untrusted = client().fetch(get(server.url()));
  ASSERT_FALSE(untrusted);
  EXPECT_EQ(untrusted.error().what, kind::unsent);
  EXPECT_TRUE(untrusted.error().lasting);
  EXPECT_THAT(untrusted.error().message, HasSubstr("not trusted"));
  EXPECT_THAT(untrusted.error().hint, HasSubstr("ca=FILE"));
  options.ca_file = pem;
  const auto got = client().fetch(get(server.url()));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "safe");
}

TEST_F(HttpClient, verifies_the_name_in_the_certificate) {
  const std::string pem = make_certificate("other.test");
  scripted_server server(script{}, pem);
  options.ca_file = pem;
  const auto got = client().fetch(get(server.url()));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().lasting);
  EXPECT_THAT(got.error().message, HasSubstr("not trusted"));
}

TEST(ShownUrl, has_neither_user_nor_query) {
  EXPECT_EQ(shown_url("https://me:pw@host:1/a@b?sig=x#y"), "https://host:1/a@b");
  EXPECT_EQ(shown_url("https://me:p%40w@host"), "https://host");
  EXPECT_EQ(shown_url("http://host/a/b"), "http://host/a/b");
}

}  // namespace
}  // namespace weir
