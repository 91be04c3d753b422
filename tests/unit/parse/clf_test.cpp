#include "parse/clf.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line, clf_parser::settings how = {}) {
  return test::outcome_of(std::make_unique<clf_parser>(how), line);
}
std::string read_leniently(std::string_view line) {
  return read(line, {.lenient = true});
}

constexpr std::string_view time_text = "[10/Oct/2000:13:55:36 -0700]";

std::string with(std::string_view front, std::string_view back) {
  return std::string{front} + std::string{time_text} + std::string{back};
}

TEST(Clf, ReadsTheExampleOfApachesManual) {
  EXPECT_EQ(read(with("127.0.0.1 - frank ", R"( "GET /apache_pb.gif HTTP/1.0" 200 2326)")),
            R"({"host":"127.0.0.1","user":"frank","time":"10/Oct/2000:13:55:36 -0700",)"
            R"("method":"GET","path":"/apache_pb.gif","protocol":"HTTP/1.0","status":200,)"
            R"("bytes":2326})");
}

TEST(Clf, TheCombinedFormatAddsRefererAndAgent) {
  EXPECT_EQ(read(with("::1 i u ", R"( "GET / HTTP/1.1" 304 - "http://a/" "M/5 \"x\"")")),
            R"({"host":"::1","ident":"i","user":"u","time":"10/Oct/2000:13:55:36 -0700",)"
            R"("method":"GET","path":"/","protocol":"HTTP/1.1","status":304,)"
            R"("referer":"http://a/","agent":"M/5 \\\"x\\\""})");
}

// Apache's `%{X-Forwarded-For}i` in place of `%h`, and nginx's `$request_time` behind the combined
// format.
TEST(Clf, MoreIsAListOfHostsAndFieldsBehindTheLast) {
  const std::string list = with("192.0.2.7, 198.51.100.4 - - ", R"( "-" 408 -)");
  EXPECT_EQ(read(list), "expected the time in brackets @ 26");
  const std::string taken = R"({"host":"192.0.2.7, 198.51.100.4",)"
                            R"("time":"10/Oct/2000:13:55:36 -0700","status":408})";
  EXPECT_EQ(read(list, {.more = true}), taken);
  EXPECT_EQ(read_leniently(list), taken);
  const std::string behind = with("::1 - - ", R"( "-" 408 - "-" "curl" 0.004 "192.0.2.7")");
  EXPECT_EQ(read(behind), "text behind the last field @ 57");
  EXPECT_EQ(read(behind, {.more = true}),
            R"({"host":"::1","time":"10/Oct/2000:13:55:36 -0700","status":408,"agent":"curl",)"
            R"("rest":"0.004 \"192.0.2.7\""})");
  EXPECT_EQ(read(with("::1 - a b ", R"( "-" 408 -)"), {.more = true}),
            "expected the time in brackets @ 8");
}

TEST(Clf, TheVirtualHostMayStandInFront) {
  EXPECT_EQ(read(with("example.com:443 ::1 - - ", R"( "-" 408 -)")),
            R"({"vhost":"example.com:443","host":"::1","time":"10/Oct/2000:13:55:36 -0700",)"
            R"("status":408})");
}

TEST(Clf, ARequestOfAStrangerStaysWhole) {
  EXPECT_NE(read(with("h - - ", R"( "\x16\x03\x01" 400 0)")).find(R"("request":"\\x16\\x03\\x01")"),
            std::string::npos);
  EXPECT_NE(read(with("h - - ", R"( "GET /" 400 0)")).find(R"("request":"GET /")"),
            std::string::npos);
}

TEST(Clf, APathMayHoldBlanks) {
  EXPECT_NE(read(with("h - - ", R"( "GET /a b HTTP/1.1" 200 1)")).find(R"("path":"/a b")"),
            std::string::npos);
}

TEST(Clf, TheStatusAndTheSizeAreNumbersOfJson) {
  EXPECT_NE(read(with("h - - ", R"( "-" 000 0)")).find(R"("status":0,"bytes":0)"),
            std::string::npos);
  EXPECT_EQ(read(with("h - - ", R"( "-" 20 0)")), "malformed status @ 39");
  EXPECT_EQ(read(with("h - - ", R"( "-" 2000 0)")), "malformed status @ 39");
  EXPECT_EQ(read(with("h - - ", R"( "-" 200 007)")), "malformed size @ 43");
  EXPECT_EQ(read(with("h - - ", R"( "-" 200)")), "malformed size @ 43");
}

TEST(Clf, AStrictLineIsExactlyThat) {
  EXPECT_EQ(read("h"), "expected a blank behind the host @ 1");
  EXPECT_EQ(read("h - "), "expected a blank behind the user @ 4");
  EXPECT_EQ(read(with("h - John Smith ", R"( "-" 200 1)")), "expected the time in brackets @ 9");
  EXPECT_EQ(read(R"(h - - [31/Feb/2000:13:55:36 -0700] "-" 200 1)"), "malformed time @ 6");
  EXPECT_EQ(read(R"(h - - [10/Oct/2000:13:55:36 -0700)"), "malformed time @ 6");
  EXPECT_EQ(read(with("h - - ", R"( GET 200 1)")), "expected the request in quotes @ 35");
  EXPECT_EQ(read(with("h - - ", R"( "GET \" 200 1)")), "quoted text without end @ 35");
  EXPECT_EQ(read(with("h - - ", R"( "-" 200 1 "-" "-" "2.75")")),
            "text behind the last field @ 52");
  EXPECT_EQ(read(with("h - - ", R"( "-" 200 1 x)")), "text behind the last field @ 45");
}

TEST(Clf, ALenientLineMayDifferALittle) {
  EXPECT_EQ(
      read_leniently(R"(h - John Smith [yesterday] "GET /"x"y HTTP/1.1" 200 1 "-" "-" "2.7")"),
      R"({"host":"h","user":"John Smith","time":"yesterday","method":"GET",)"
      R"("path":"/\"x\"y","protocol":"HTTP/1.1","status":200,"bytes":1,"rest":"\"2.7\""})");
}

TEST(Clf, TheStatusGivesALevelOnRequest) {
  const auto level = [](std::string_view status) {
    const std::string line = with("h - - ", " \"-\" " + std::string{status} + " 1");
    const batch b = test::parsed(
        std::make_unique<clf_parser>(clf_parser::settings{.status_level = true}), line);
    return std::string{b.begin()->get("level").text};
  };
  EXPECT_EQ(level("200"), "info");
  EXPECT_EQ(level("404"), "warn");
  EXPECT_EQ(level("503"), "error");
  EXPECT_EQ(level("-"), "");
}

}  // namespace
}  // namespace weir
