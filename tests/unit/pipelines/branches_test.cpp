// When one branch of a split ends before the others: its reader is gone, or its sink fails.

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "one_run.hpp"
#include "unit/codec/compressed.hpp"
#include "unit/memory_disk.hpp"

namespace weir::test {
namespace {

struct ending_options {
  std::uint64_t after = 0;
};

/// Takes some records, then none any more.
class ending_sink final : public sink {
 public:
  ending_sink(std::uint64_t records, delivery_error why) : left_(records), why_(std::move(why)) {}
  void open(const context&) override {}
  delivery write(const batch& records) override {
    if (records.size() > left_) return std::unexpected(why_);
    left_ -= records.size();
    return {};
  }
  delivery close() override { return {}; }
  std::string guarantee() const override { return "none"; }

 private:
  std::uint64_t left_;
  delivery_error why_;
};

component ending(const std::string& name, delivery_error::kind what) {
  return declare<ending_options>(component::role::sink, name, "Takes some records.")
      .option("after", &ending_options::after, "How many.", positional)
      .makes([what](const ending_options& o, reporter&) -> product {
        return std::make_unique<ending_sink>(o.after,
                                             delivery_error{.what = what, .message = "it ended"});
      });
}

std::vector<component> table_with_ending_sinks() {
  std::vector<component> table = components();
  table.push_back(ending("gone", delivery_error::kind::closed));
  table.push_back(ending("broken", delivery_error::kind::broken));
  return table;
}

const std::map<std::string, std::string> five_records{
    {"in.ndjson", "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n{\"n\":5}\n"}};

outcome run_of(const std::string& steps) {
  auto is = run_in_directory("from in.ndjson | json | " + steps, five_records, {.lanes = 1},
                             table_with_ending_sinks());
  if (is.report.exit == exit_code::ok) expect_accounted(is.report);
  return is;
}

std::string unpacked(const outcome& is, const std::string& name) {
  return pipe_through("gzip -dc", is.files.at(name));
}

TEST(a_branch_whose_reader_is_gone, leaves_the_others_to_go_on) {
  const auto is = run_of("batch 1 | tee (to gone 2) (to all.ndjson.gz)");
  EXPECT_EQ(is.report.exit, exit_code::ok);
  EXPECT_TRUE(is.report.complete);
  EXPECT_EQ(unpacked(is, "all.ndjson.gz"), five_records.at("in.ndjson"));
  EXPECT_EQ(is.report.total.delivered, 5u);
  EXPECT_EQ(is.report.sinks[0].second.delivered, 2u);
  EXPECT_EQ(is.report.sinks[0].second.filtered, 3u);
}

TEST(a_branch_whose_reader_is_gone, accounts_for_what_its_stages_held) {
  const auto is = run_of("tee (batch 2 | to gone 2) (where n > 3 | to null)");
  EXPECT_EQ(is.report.total.delivered, 4u);
  EXPECT_EQ(is.report.total.filtered, 1u);
  EXPECT_NE(is.json.find("\"reader gone\": 3"), std::string::npos) << is.json;
}

TEST(a_branch_whose_reader_is_gone, filters_what_a_route_would_give_it) {
  const auto is = run_of("batch 1 | route (when n > 1 | to gone 2) (else | to null)");
  EXPECT_EQ(is.report.total.delivered, 3u);
  EXPECT_EQ(is.report.total.filtered, 2u);
}

TEST(a_run_all_of_whose_readers_are_gone, ends_quietly) {
  const auto is = run_of("batch 1 | tee (tee (to gone 1) (head 2 | to null)) (to gone 3)");
  EXPECT_EQ(is.report.exit, exit_code::ok);
  EXPECT_FALSE(is.report.complete);
  EXPECT_EQ(is.report.total.in, 4u);
  EXPECT_EQ(is.report.total.delivered, 3u);
}

TEST(a_branch_that_has_ended, lets_out_what_is_held_in_front_of_a_split_of_its_own) {
  const auto is = run_of("tee (batch 2 | tee (head 1 | to null) (head 2 | to null)) (to null)");
  EXPECT_EQ(is.report.total.delivered, 5u);
  EXPECT_EQ(is.report.sinks[0].second.filtered, 4u);
}

TEST(a_branch_that_is_broken, ends_the_run_but_leaves_the_other_outputs_whole) {
  const auto is = run_of("batch 1 | tee (to a.ndjson.gz) (to broken 2) (to c.ndjson.gz)");
  EXPECT_EQ(is.report.exit, exit_code::io);
  EXPECT_EQ(is.report.error, "it ended");
  EXPECT_EQ(unpacked(is, "a.ndjson.gz"), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
  EXPECT_EQ(unpacked(is, "c.ndjson.gz"), "{\"n\":1}\n{\"n\":2}\n");
}

/// How many commits a run over lines without a pause has, and that the account holds.
std::ptrdiff_t commits_of(const std::string& steps) {
  memory_disk disk;
  std::string lines;
  while (lines.size() < 2u << 20) lines += "one\n two\nthree\n";
  disk.put("in.log", lines);
  virtual_clock time;
  disk.on_call = [&time] { time.advance(std::chrono::milliseconds{5}); };
  plan made = planned("from in.log | " + steps);
  run_options options;
  options.lanes = 1;
  options.state_directory = "state";
  interrupt wake;
  const run_report report = weir::run(made, options, {time, disk, wake});
  EXPECT_EQ(report.exit, exit_code::ok) << report.error;
  expect_accounted(report);
  const std::string log = disk.text("state/log");
  std::ptrdiff_t commits = 0;
  for (std::size_t at = 0; (at = log.find("{\"entry\":", at)) != log.npos; ++at) ++commits;
  return commits;
}

TEST(a_branch_that_joins_lines, lets_all_sinks_commit_while_lines_come) {
  const auto without = commits_of("tee (to a.ndjson) (to b.ndjson)");
  const std::string joined = R"(multiline continue="^ " timeout=0s)";
  EXPECT_GT(without, 3);
  EXPECT_GE(commits_of("tee (" + joined + " | to a.ndjson) (to b.ndjson)"), without - 1);
  EXPECT_GE(commits_of("tee (to a.ndjson) (" + joined + " | to b.ndjson) (" + joined +
                       " | batch 7 | to null)"),
            without - 1);
  EXPECT_GT(commits_of("route (when message like \"%o%\" | " + joined +
                       " | to a.ndjson) (else | to b.ndjson)"),
            2);
}

TEST(a_branch_that_joins_lines, lets_all_sinks_commit_though_it_is_within_a_branch) {
  const auto without = commits_of("tee (to a.ndjson) (tee (to b.ndjson) (to c.ndjson))");
  const std::string joined = R"(multiline continue="^ " timeout=0s)";
  for (const std::string& steps :
       {"tee (tee (" + joined + " | to a.ndjson) (to b.ndjson)) (to c.ndjson)",
        "tee (to a.ndjson) (where true | tee (to b.ndjson) (" + joined + " | to c.ndjson))",
        "tee (" + joined + " | to a.ndjson) (batch 3 | tee (to b.ndjson) (" + joined +
            " | to c.ndjson) (tee (" + joined + " | batch 5 | to d.ndjson) (to null)))"}) {
    EXPECT_GE(commits_of(steps), without - 1) << steps;
  }
}

// The one in which the run begins, and the last one.
TEST(a_branch_that_holds_all_until_the_end, still_puts_the_commits_off) {
  EXPECT_EQ(commits_of("tee (sort by message | to a.ndjson) (to b.ndjson)"), 2);
}

}  // namespace
}  // namespace weir::test
