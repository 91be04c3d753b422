#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "net/remote_object.hpp"
#include "source/skips_whole.hpp"
#include "source/sources.hpp"
#include "source/waits_for_servers.hpp"
#include "source/with_unreadable.hpp"
#include "unit/contract.hpp"
#include "unit/patient_clock.hpp"
#include "unit/scripted_server.hpp"
#include "unit/source/file_tree.hpp"

namespace weir {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using networked = surroundings_in<patient_clock>;

/// `from http` with these arguments.
std::unique_ptr<source> http_source(const std::string& url,
                                    std::vector<std::pair<std::string, std::string>> options = {}) {
  step_text step;
  step.arguments.push_back({{}, {url, {}}, true});
  for (const auto& [name, value] : options)
    step.arguments.push_back({{name, {}}, {value, {}}, true});
  reporter report;
  auto made = from_http().bind(step, report);
  for (const diagnostic& d : report.found()) ADD_FAILURE() << d.message;
  return std::get<std::unique_ptr<source>>(std::move(made->made));
}

/// Reads all of it.
std::vector<std::string> lines_of(source& from, networked& in, resume_points resume = {}) {
  auto records = from.open(in.with, std::move(resume));
  positions at;
  return texts(read_all(records, in, at));
}

/// The same, however long it takes.
std::vector<std::string> patient_lines_of(source& from, networked& in) {
  auto records = from.open(in.with, {});
  std::vector<std::string> lines;
  while (const batch* const b = records.next({}))
    for (const record& r : *b) lines.emplace_back(r.text());
  return lines;
}

constexpr const char* old =
    "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT\r\n"
    "Date: Mon, 05 Jan 2026 12:00:00 GMT\r\n";

struct HttpSource : testing::Test {
  networked in;
};

TEST_F(HttpSource, goes_on_from_the_last_byte_when_the_connection_breaks) {
  scripted_server server(
      script{{.answer = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 12\r\n\r\none\ntw",
              .then = "reset"},
             {.then = "close"},
             {.answer = "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Length: 6\r\n"
                        "Content-Range: bytes 6-11/12\r\n\r\no\nthre",
              .then = "close"}});
  const auto from = http_source(server.url("/a.log"));
  EXPECT_THAT(lines_of(*from, in), ElementsAre("one", "two", "thre"));
  EXPECT_THAT(from->why_unreadable(), IsEmpty());
  EXPECT_EQ(from->stored_bytes_read(), 12u);
  const auto seen = server.requests();
  EXPECT_EQ(seen.at(0).header("Range"), "");
  EXPECT_EQ(seen.at(0).header("If-Match"), "");
  EXPECT_EQ(seen.at(1).header("Range"), "bytes=6-");
  EXPECT_EQ(seen.at(2).header("Range"), "bytes=6-");
  EXPECT_EQ(seen.at(2).header("If-Match"), "\"v1\"");
}

TEST_F(HttpSource, what_was_read_whole_costs_one_head_until_it_changes) {
  scripted_server server(
      script{{.request = "HEAD /a", .answer = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n\r\n"},
             {.request = "HEAD /a", .answer = "HTTP/1.1 200 OK\r\nETag: \"v2\"\r\n\r\n"},
             {.request = "GET /a", .answer = answer("200 OK", "one", "ETag: \"v2\"\r\n")}});
  const std::string known = server.url("/a") + "#\"v1\"";
  const resume_points nothing_more{[](const shard&) { return position{}; }};
  const auto from = http_source(server.url("/a"));
  dynamic_cast<skips_whole&>(*from).skip([&](const shard& s) { return s.identity == known; });
  from->look(in.with);
  EXPECT_THAT(lines_of(*from, in, nothing_more), IsEmpty());
  from->look(in.with);
  EXPECT_THAT(lines_of(*from, in, nothing_more), ElementsAre("one"));
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST_F(HttpSource, never_joins_two_versions) {
  const std::string begun = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 12\r\n\r\none\ntw";
  const std::vector<std::string> changed{
      answer("412 Precondition Failed", ""),
      answer("416 Range Not Satisfiable", "", "Content-Range: bytes */3\r\n"),
      "HTTP/1.1 206 Partial Content\r\nETag: \"v2\"\r\nContent-Length: 6\r\n"
      "Content-Range: bytes 6-11/12\r\n\r\no\nthre",
      "HTTP/1.1 206 Partial Content\r\nContent-Length: 7\r\nContent-Range: bytes 6-12/13\r\n\r\n"
      "o\nthree",
      "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Length: 6\r\n"
      "Content-Range: bytes 5-10/12\r\n\r\nwo\nthr",
      answer("200 OK", "another text", "ETag: \"v2\"\r\n")};
  for (const std::string& then : changed) {
    scripted_server server(script{{.answer = begun, .then = "reset"}, {.answer = then}});
    const auto from = http_source(server.url("/a.log"));
    EXPECT_THAT(lines_of(*from, in), ElementsAre("one")) << then;
    EXPECT_EQ(from->unreadable(), 1u) << then;
  }
}

TEST_F(HttpSource, skips_what_it_has_where_the_server_knows_no_ranges) {
  const std::string whole = answer("200 OK", "one\ntwo\nthree", old);
  scripted_server server(
      script{{.answer = whole.substr(0, whole.size() - 7), .then = "reset"}, {.answer = whole}});
  const auto from = http_source(server.url("/a.log"));
  EXPECT_THAT(lines_of(*from, in), ElementsAre("one", "two", "three"));
  EXPECT_EQ(server.requests().at(1).header("If-Unmodified-Since"), "Mon, 05 Jan 2026 10:00:00 GMT");
}

TEST_F(HttpSource, does_not_go_on_where_nothing_names_the_version) {
  for (const std::string headers : {"", "ETag: W/\"weak\"\r\n",
                                    "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT\r\nDate: Mon, 05 "
                                    "Jan 2026 10:00:30 GMT\r\n"}) {
    scripted_server server(
        script{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n" + headers + "\r\none\ntw",
                .then = "reset"}});
    const auto from = http_source(server.url("/a.log"));
    EXPECT_THAT(lines_of(*from, in), ElementsAre("one"));
    ASSERT_THAT(from->why_unreadable(), testing::SizeIs(1));
    EXPECT_THAT(from->why_unreadable()[0], HasSubstr("names no version"));
  }
}

TEST_F(HttpSource, tries_again_what_fails_for_the_time_being) {
  scripted_server server(
      script{{.answer = answer("503 Slow Down", "", "Retry-After: 20\r\n"), .then = "close"},
             {.answer = answer("429 Too Many Requests", ""), .then = "close"},
             {.answer = answer("200 OK", "one\n", "ETag: \"v1\"\r\n")}});
  const auto from = http_source(server.url("/a.log"));
  const auto start = in.time.now();
  EXPECT_THAT(patient_lines_of(*from, in), ElementsAre("one"));
  EXPECT_GE(in.time.now() - start, std::chrono::seconds{20});
}

TEST_F(HttpSource, waits_for_a_server_however_many_attempts_that_takes_and_says_so_once) {
  script answers{{.answer = answer("503 Busy", "", "Retry-After: 2\r\n"), .then = "close"}};
  for (int i = 0; i < 8; ++i)
    answers.push_back({.answer = answer("503 Busy", ""), .then = "close"});
  answers.push_back({.answer = answer("200 OK", "one\n", "ETag: \"v1\"\r\n")});
  scripted_server server(answers);
  std::vector<std::string> said;
  in.with.say = [&said](const std::string& what) { said.push_back(what); };
  const auto from = http_source(server.url("/a.log"));
  EXPECT_THAT(patient_lines_of(*from, in), ElementsAre("one"));
  EXPECT_THAT(from->why_unreadable(), IsEmpty());
  EXPECT_THAT(said, ElementsAre("waiting: " + server.url("/a.log") +
                                ": HTTP 503 (service unavailable); tried again for 1m"));
}

TEST_F(HttpSource, gives_up_on_a_server_after_a_minute_or_as_it_is_told) {
  std::string url;
  {
    scripted_server gone(script{});
    url = gone.url("/a");
  }
  for (const std::chrono::seconds patience : {std::chrono::seconds{60}, std::chrono::seconds{20}}) {
    const auto from = http_source(url);
    if (patience.count() == 20) dynamic_cast<waits_for_servers&>(*from).wait_for(patience);
    const auto start = in.time.now();
    EXPECT_THROW(from->look(in.with), error);
    EXPECT_GE(in.time.now() - start, patience);
    EXPECT_LT(in.time.now() - start, patience + std::chrono::seconds{10});
  }
}

TEST_F(HttpSource, reports_what_cannot_be_read_and_reads_the_rest) {
  scripted_server server(
      script{{.request = "GET /gone?key=geheim", .answer = answer("403 Forbidden", "")},
             {.request = "GET /here", .answer = answer("200 OK", "one\n")}});
  step_text step;
  step.arguments.push_back({{}, {server.url("/gone?key=geheim"), {}}, true});
  step.arguments.push_back({{}, {server.url("/here"), {}}, true});
  reporter report;
  auto made = from_http().bind(step, report);
  ASSERT_TRUE(made);
  const auto& from = std::get<std::unique_ptr<source>>(made->made);
  EXPECT_THAT(lines_of(*from, in), ElementsAre("one"));
  EXPECT_THAT(from->why_unreadable(), ElementsAre(server.url("/gone") + ": HTTP 403 (forbidden)"));
  EXPECT_EQ(dynamic_cast<with_unreadable&>(*from).code_of_unreadable(), exit_code::unavailable);
  for (const auto& [name, value] : made->options) EXPECT_THAT(value, Not(HasSubstr("geheim")));
}

TEST_F(HttpSource, sends_its_headers) {
  scripted_server server(script{{.answer = answer("200 OK", "one\n")}});
  const auto from = http_source(server.url("/a"), {{"header", "Authorization: Bearer x"}});
  EXPECT_THAT(lines_of(*from, in), ElementsAre("one"));
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Bearer x");
}

TEST_F(HttpSource, looks_at_the_size_before_reading) {
  const std::string endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  scripted_server server(script{
      {.request = "HEAD /a", .answer = "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"},
      {.request = "HEAD /gone", .answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n"},
      {.request = "HEAD /odd", .answer = "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"},
      {.request = "GET /odd", .answer = endless},
      {.request = "GET /odd", .answer = endless}});
  EXPECT_EQ(http_source(server.url("/a"))->look(in.with).bytes, 1234u);
  EXPECT_EQ(http_source(server.url("/odd"))->look(in.with).bytes, std::nullopt);
  try {
    http_source(server.url("/gone"))->look(in.with);
    ADD_FAILURE() << "it is not there";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::no_input);
  }
}

TEST_F(HttpSource, tells_whether_a_state_can_go_on_with_it) {
  scripted_server server(
      script{{.request = "HEAD /a",
              .answer = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 4\r\n\r\n"},
             {.request = "HEAD /b", .answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"},
             {.request = "HEAD /c",
              .answer = "HTTP/1.1 200 OK\r\nETag: W/\"v1\"\r\nContent-Length: 4\r\n\r\n"}});
  EXPECT_TRUE(http_source(server.url("/a"))->look(in.with).replayable);
  for (const char* nameless : {"/b", "/c"}) {
    const estimate seen = http_source(server.url(nameless))->look(in.with);
    EXPECT_FALSE(seen.replayable) << nameless;
    EXPECT_THAT(seen.resuming, HasSubstr(server.url(nameless) + " names no version"));
  }
}

TEST_F(HttpSource, looks_by_get_where_head_is_not_done_well) {
  const std::string part =
      "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Length: 1\r\n"
      "Content-Range: bytes 0-0/1234\r\n\r\no";
  const std::string broken = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";
  scripted_server server(
      script{{.request = "HEAD /a", .answer = "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"},
             {.request = "GET /a", .answer = part},
             {.request = "HEAD /b", .answer = "HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n"},
             {.request = "GET /b",
              .answer = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 1234\r\n\r\n",
              .fill = 1234},
             {.request = "HEAD /c", .answer = "{\"no\":\"HTTP\"}\n", .then = "close"},
             {.request = "GET /c", .answer = part},
             {.request = "HEAD /d", .answer = broken},
             {.request = "HEAD /d", .answer = broken},
             {.request = "HEAD /d", .answer = broken},
             {.request = "GET /d", .answer = part}});
  for (const char* target : {"/a", "/b", "/c", "/d"}) {
    const estimate seen = http_source(server.url(target))->look(in.with);
    EXPECT_TRUE(seen.replayable) << target;
    EXPECT_EQ(seen.bytes, 1234u) << target;
  }
  EXPECT_EQ(server.requests().at(1).header("Range"), "bytes=0-0");
}

TEST_F(HttpSource, says_why_neither_head_nor_get_tells_the_version) {
  const std::string no = "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n";
  const std::string gone = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
  scripted_server server(script{{.request = "HEAD /a", .answer = no},
                                {.request = "GET /a", .answer = no},
                                {.request = "HEAD /b", .answer = no},
                                {.request = "GET /b", .answer = gone}});
  for (const auto& [target, code] :
       {std::pair{"/a", exit_code::unavailable}, {"/b", exit_code::no_input}}) {
    try {
      http_source(server.url(target))->look(in.with);
      ADD_FAILURE() << target;
    } catch (const error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
    }
  }
}

TEST_F(HttpSource, is_not_read_for_a_state_if_the_version_that_head_named_is_missing) {
  scripted_server server(script{{.answer = answer("200 OK", "one\n")}});
  const auto from = http_source(server.url("/a.log"));
  const resume_points of_a_state{[](const shard&) { return position{}; }};
  EXPECT_THAT(lines_of(*from, in, of_a_state), IsEmpty());
  EXPECT_THAT(from->why_unreadable(), ElementsAre(HasSubstr("names no version")));
}

TEST_F(HttpSource, says_who_asks) {
  scripted_server server(script{{.answer = answer("200 OK", "one\n")}});
  const auto from = http_source(server.url("/a"), {{"user", "ann"}, {"password", "geheim"}});
  EXPECT_THAT(lines_of(*from, in), ElementsAre("one"));
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Basic YW5uOmdlaGVpbQ==");
}

TEST_F(HttpSource, says_that_a_server_is_not_there) {
  std::string url;
  {
    scripted_server gone(script{});
    url = gone.url("/a");
  }
  try {
    http_source(url)->look(in.with);
    ADD_FAILURE() << "nobody is there";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::unavailable);
    EXPECT_THAT(e.what(), HasSubstr("Connection refused"));
  }
}

/// nginx, which knows ranges and preconditions, with the files of a directory.
class web_server {
 public:
  explicit web_server(const file_tree& files) {
    std::ofstream(files.path("nginx.conf"))
        << "daemon off; master_process off; pid " << files.path("pid") << "; error_log "
        << files.path("error.log") << ";\nevents {}\nhttp { access_log off; client_body_temp_path "
        << files.path("tmp") << "; server { listen unix:" << files.path("none")
        << "; listen 127.0.0.1:" << port_ << "; root " << files.root() << "; } }\n";
    process_.emplace(std::vector<std::string>{"nginx", "-e", files.path("error.log"), "-c",
                                              files.path("nginx.conf")});
    for (int i = 0; i < 500 && !std::filesystem::exists(files.path("pid")); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  ~web_server() { process_->terminate(); }

  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }

 private:
  int port_ = 20'000 + ::getpid() % 20'000;
  std::optional<server_process> process_;
};

struct HttpSourceWithNginx : HttpSource {
  file_tree files;

  void SetUp() override {
    if (std::system("command -v nginx >/dev/null") != 0) {
      if (std::getenv("CI") != nullptr) FAIL() << "nginx is not installed";
      GTEST_SKIP() << "nginx is not installed";
    }
  }
  std::string numbered_lines(int count) {
    std::string all;
    for (int i = 1; i <= count; ++i) all += "line " + std::to_string(i) + "\n";
    return all;
  }
};

TEST_F(HttpSourceWithNginx, keeps_the_source_contract) {
  files.write("plain.log", numbered_lines(100'000));
  const web_server server(files);
  keeps_the_source_contract<networked>([&] { return http_source(server.url("/plain.log")); });
}

TEST_F(HttpSourceWithNginx, keeps_the_source_contract_with_compressed_files) {
  files.write("zipped", numbered_lines(100'000));
  ASSERT_EQ(std::system(("gzip -n " + files.path("zipped")).c_str()), 0);
  std::filesystem::rename(files.path("zipped.gz"), files.path("zipped"));
  const web_server server(files);
  keeps_the_source_contract<networked>([&] { return http_source(server.url("/zipped")); });
}

TEST_F(HttpSourceWithNginx, resumes_with_what_is_left_only) {
  const std::string text = numbered_lines(200'000);
  files.write("plain.log", text);
  const web_server server(files);
  const auto from = http_source(server.url("/plain.log"));
  auto records = from->open(in.with, {});
  positions at;
  read_all(records, in, at, 150'000);
  const auto read = at.begin()->second;
  const auto again = http_source(server.url("/plain.log"));
  const auto rest = lines_of(*again, in, resume_from(at));
  EXPECT_EQ(rest.size(), 200'000 - read.number);
  EXPECT_EQ(rest.back(), "line 200000");
  EXPECT_EQ(again->stored_bytes_read(), text.size());
  positions all;
  auto whole = from->open(in.with, {});
  read_all(whole, in, all);
  EXPECT_THAT(lines_of(*again, in, resume_from(all)), IsEmpty());
}

TEST_F(HttpSourceWithNginx, resumes_within_an_object_that_is_too_short_to_tell_its_codec) {
  files.write("tiny.log", "x\ny\nz\n");
  const web_server server(files);
  const auto from = http_source(server.url("/tiny.log"));
  auto records = from->open(in.with, {});
  positions at;
  read_all(records, in, at);
  ASSERT_EQ(at.size(), 1u);
  for (std::uint64_t lines = 0; lines <= 3; ++lines) {
    at.begin()->second = {.offset = 2 * lines, .number = lines};
    const auto rest = lines_of(*from, in, resume_from(at));
    EXPECT_EQ(rest.size(), 3 - lines);
  }
}

}  // namespace
}  // namespace weir
