#include <gtest/gtest.h>

#include "record/container_parts.hpp"
#include "unit/scripted.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::arrival;
using test::scripted;
using test::virtual_run;

using strings = std::vector<std::string>;

const stage_id stage{first_rule, "container"};

std::string cri(std::string_view stream, char tag, std::string_view text) {
  return "2026-01-02T09:14:07.123456789Z " + std::string{stream} + " " + tag + " " +
         std::string{text} + "\n";
}

std::string docker(std::string_view stream, std::string_view log) {
  return R"({"log":")" + std::string{log} + R"(","stream":")" + std::string{stream} +
         R"(","time":"2026-01-02T09:14:07Z"})" + "\n";
}

std::string without_break(std::string line) {
  line.pop_back();
  return line;
}

/// What one run makes of lines.
struct outcome {
  strings texts;  ///< behind their times, with their numbers
  strings rejects;
  int last_ms = 0;  ///< when the last record came
  std::uint64_t joined = 0;
};

outcome outcome_of(std::vector<arrival> script, container_parts::limits how = {}) {
  virtual_run run;
  outcome out;
  const time_point start = run.time.now();
  stream s = with_whole_lines(scripted(std::move(script), &run.with), how, &stage, &run.with);
  std::uint64_t read = 0;
  while (const batch* const b = s.next(pull{})) {
    for (const record& r : *b) {
      const std::string_view text = r.text();
      const bool has_time = text.starts_with("2026");
      out.texts.push_back(std::to_string(r.number()) + " " +
                          std::string{has_time ? text.substr(text.find(' ') + 1) : text});
      EXPECT_EQ(r.raw(), r.text());
      out.last_ms = static_cast<int>((run.time.now() - start) / 1ms);
    }
    for (const reject_entry& e : b->rejects()) out.rejects.push_back(std::string{e.why});
    for (const weir::run& r : b->runs()) {
      EXPECT_EQ(r.from.number, read);
      read = r.to.number;
      for (const auto& [f, count] : r.settled) out.joined += f == joined ? count : 0;
    }
    for (const record& r : b->all()) out.joined += r.fate() == joined ? 1 : 0;
  }
  return out;
}

TEST(Container, JoinsThePartsOfEachStreamInTheOrderOfTheFirstOnes) {
  const std::string log = cri("stdout", 'F', "a") + cri("stdout", 'P', "b") +
                          cri("stderr", 'P', "x") + cri("stdout", 'P', "") +
                          cri("stderr", 'F', "y") + cri("stdout", 'F', " c") +
                          cri("stderr", 'F', "z");
  const outcome whole = outcome_of({{0ms, log}});
  EXPECT_EQ(whole.texts,
            (strings{"1 stdout F a", "2 stdout F b c", "3 stderr F xy", "7 stderr F z"}));
  EXPECT_EQ(whole.joined, 3u);
  std::vector<arrival> each;
  for (std::size_t at = 0; at < log.size();) {
    const std::size_t end = log.find('\n', at) + 1;
    each.push_back({0ms, log.substr(at, end - at)});
    at = end;
  }
  EXPECT_EQ(outcome_of(each).texts, whole.texts);
}

TEST(Container, JoinsTheTextsOfDockerWithTheirEscapes) {
  EXPECT_EQ(outcome_of({{0ms, docker("stdout", "a\\\\n") + docker("stdout", "\\\"b\\n") +
                                  docker("stdout", "c\\n")}})
                .texts,
            (strings{"1 " + without_break(docker("stdout", "a\\\\n\\\"b\\n")),
                     "3 " + without_break(docker("stdout", "c\\n"))}));
}

TEST(Container, WhatIsNoLineOfAContainerEndsThoseInFrontOfIt) {
  EXPECT_EQ(outcome_of({{0ms, cri("stdout", 'P', "a") + cri("stdout", 'P', "b") + "hello\n" +
                                  cri("stdout", 'F', "c")}})
                .texts,
            (strings{"1 stdout P ab", "3 hello", "4 stdout F c"}))
      << "the tag says that the line has no end";
}

TEST(Container, ALineEndsAtItsLimitOrIsRejected) {
  const std::string log = cri("stdout", 'P', "aaaa") + cri("stderr", 'F', "x") +
                          cri("stdout", 'P', "bbbb") + cri("stdout", 'F', "c");
  EXPECT_EQ(outcome_of({{0ms, log}}, {.bytes = 120}).texts,
            (strings{"1 stdout P aaaabbbb", "2 stderr F x", "4 stdout F c"}));
  const outcome rejecting = outcome_of({{0ms, log}}, {.bytes = 120, .rejects = true});
  EXPECT_EQ(rejecting.texts, (strings{"2 stderr F x", "4 stdout F c"}));
  EXPECT_EQ(rejecting.rejects, (strings{"line of too many bytes"}));
}

TEST(Container, ALineGoesOnExactlyAfterItsTimeout) {
  const outcome o = outcome_of({{0ms, cri("stdout", 'P', "a")},
                                {10ms, cri("stdout", 'P', "b") + cri("stderr", 'F', "x")},
                                {90ms, cri("stdout", 'F', "c")}},
                               {.timeout = 50ms});
  EXPECT_EQ(o.texts, (strings{"1 stdout P ab", "3 stderr F x", "4 stdout F c"}));
  EXPECT_EQ(o.last_ms, 100);
}

}  // namespace
}  // namespace weir
