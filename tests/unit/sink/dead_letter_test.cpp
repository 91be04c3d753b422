#include "sink/dead_letter.hpp"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "sink_fixture.hpp"

namespace weir {
namespace {

using nlohmann::json;

class dead_letter_test : public test::sink_fixture {
 protected:
  /// Rejects every record of `lines` at byte 3.
  batch rejects(std::initializer_list<std::string_view> lines) {
    batch out = records(lines, shape::text);
    for (record& r : out.all()) out.reject_record(r, reject("not an object", 3), stage_);
    return out;
  }
  std::vector<json> written() {
    std::vector<json> out;
    std::istringstream lines(text_of(path("dead.ndjson")));
    for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
    return out;
  }

  stage_id stage_{first_rule, "json"};
};

TEST_F(dead_letter_test, a_reject_is_written_with_its_place_reason_and_bytes) {
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.open(with_);
  EXPECT_TRUE(dead.write(rejects({"first", "say \"hi\"\t\x1b[31m"})));
  EXPECT_TRUE(dead.commit());
  EXPECT_TRUE(dead.close());
  const auto lines = written();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1], (json{{"time", "2026-01-01T00:00:00Z"},
                            {"source", "app.ndjson"},
                            {"number", 2},
                            {"offset", 6},
                            {"stage", "json"},
                            {"reason", "not an object"},
                            {"at", 3},
                            {"raw", "say \"hi\"\t\x1b[31m"},
                            {"shard", "test"},
                            {"pipeline", "5d41"}}));
  EXPECT_EQ(text_of(path("dead.ndjson")).find('\x1b'), std::string::npos);
}

TEST_F(dead_letter_test, bytes_that_are_not_utf8_are_written_as_base64) {
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.open(with_);
  EXPECT_TRUE(dead.write(rejects({"\xff", "a\xc0\xaf", "abc\xed\xa0\x80z", "\xc3\xa4"})));
  const auto lines = written();
  ASSERT_EQ(lines.size(), 4U);
  // From: printf '\377' | base64, and so on.
  EXPECT_EQ(lines[0]["raw"], (json{{"$base64", "/w=="}}));
  EXPECT_EQ(lines[1]["raw"], (json{{"$base64", "YcCv"}}));
  EXPECT_EQ(lines[2]["raw"], (json{{"$base64", "YWJj7aCAeg=="}}));
  EXPECT_EQ(lines[3]["raw"], "\xc3\xa4");
}

TEST_F(dead_letter_test, a_source_whose_name_is_not_utf8_still_gives_valid_json) {
  shard_ = std::make_shared<const shard>(shard{"app\xff.log", "test", 0});
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.open(with_);
  EXPECT_TRUE(dead.write(rejects({"x"})));
  EXPECT_EQ(written().at(0)["source"], (json{{"$base64", "YXBw/y5sb2c="}}));
}

TEST_F(dead_letter_test, an_existing_file_is_continued) {
  for (int run = 0; run < 2; ++run) {
    dead_letter dead(path("dead.ndjson"), "5d41");
    dead.open(with_);
    EXPECT_TRUE(dead.write(rejects({"x"})));
    EXPECT_TRUE(dead.close());
  }
  EXPECT_EQ(written().size(), 2U);
}

TEST_F(dead_letter_test, a_torn_last_line_is_ended_before_the_next) {
  std::ofstream(path("dead.ndjson")) << "{\"time\":";
  for (int run = 0; run < 2; ++run) {
    dead_letter dead(path("dead.ndjson"), "5d41");
    dead.open(with_);
    EXPECT_TRUE(dead.write(records({"{}"})));
    EXPECT_TRUE(dead.write(rejects({"x"})));
    EXPECT_TRUE(dead.write(rejects({"y"})));
    EXPECT_TRUE(dead.close());
  }
  std::istringstream lines(text_of(path("dead.ndjson")));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "{\"time\":");
  int whole = 0;
  for (; std::getline(lines, line); ++whole) EXPECT_TRUE(json::accept(line)) << line;
  EXPECT_EQ(whole, 4);
}

TEST_F(dead_letter_test, a_line_that_the_committed_length_tears_is_ended_before_the_next) {
  std::ofstream(path("dead.ndjson")) << "{\"time\":null,\"pipeline\":\"5d41\"}\n";
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.resume(with_, dead_letter::committed{8, "4c30"});
  EXPECT_TRUE(dead.write(rejects({"x"})));
  EXPECT_TRUE(dead.close());
  std::istringstream lines(text_of(path("dead.ndjson")));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "{\"time\":");
  std::getline(lines, line);
  EXPECT_TRUE(json::accept(line)) << line;
  EXPECT_EQ(lines.peek(), std::istringstream::traits_type::eof());
}

std::string line_of(std::string_view pipeline) {
  return R"({"time":"","source":"a","number":1,"offset":0,"stage":"json","reason":"","at":0,"raw":"")"
         R"(,"shard":"","pipeline":")" +
         std::string{pipeline} + "\"}\n";
}

TEST_F(dead_letter_test, what_was_not_committed_is_cut_off_unless_another_pipeline_wrote_it) {
  const std::string ours = line_of("5d41");
  const auto resumed = [&](const std::string& content) {
    std::ofstream(path("dead.ndjson")) << content;
    dead_letter dead(path("dead.ndjson"), "5d41");
    dead.resume(with_, dead_letter::committed{ours.size(), "4c30"});
    return text_of(path("dead.ndjson"));
  };
  const std::string torn_by_a_crash = std::string(512, '\0') + "\"}\n{\"ti";
  EXPECT_EQ(resumed(ours + line_of("4c30") + ours + torn_by_a_crash), ours);
  const std::string with_others = ours + line_of("4c30") + line_of("e0e0");
  EXPECT_THROW(resumed(with_others), error);
  EXPECT_EQ(text_of(path("dead.ndjson")), with_others);
}

TEST_F(dead_letter_test, what_somebody_removed_is_not_missed) {
  std::vector<std::string> said;
  with_.say = [&](const std::string& text) { said.push_back(text); };
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.resume(with_, dead_letter::committed{264, "5d41"});
  EXPECT_TRUE(dead.write(rejects({"x"})));
  EXPECT_EQ(written().size(), 1U);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("it had 264 bytes of dead letters, now 0"), std::string::npos);
}

TEST_F(dead_letter_test, a_batch_without_rejects_writes_nothing) {
  dead_letter dead(path("dead.ndjson"), "5d41");
  dead.open(with_);
  EXPECT_TRUE(dead.write(records({"{}"})));
  EXPECT_TRUE(dead.close());
  EXPECT_EQ(text_of(path("dead.ndjson")), "");
}

TEST_F(dead_letter_test, a_full_disk_refuses_the_batch_and_keeps_whole_lines) {
  with_.files = &simulated_;
  dead_letter dead("dead.ndjson", "5d41");
  dead.open(with_);
  EXPECT_TRUE(dead.write(rejects({"x"})));
  const std::string first = simulated_.text("dead.ndjson");
  simulated_.capacity_bytes = first.size() + 20;
  const delivery done = dead.write(rejects({"y"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, delivery_error::kind::refused);
  EXPECT_EQ(done.error().message, "dead.ndjson: no space left on device");
  EXPECT_EQ(simulated_.text("dead.ndjson"), first);
}

}  // namespace
}  // namespace weir
