// A sink that cannot be opened or closed at once is waited for, as one that takes no records is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "one_run.hpp"
#include "unit/memory_disk.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// How a sink behaves, and what it was asked.
struct behaviour {
  time_point there_from{};   ///< before that it cannot be opened
  time_point closes_from{};  ///< nor closed
  time_point commits_from{};
  std::vector<time_point> commits = {};
  int opened = 0;  ///< with success
  std::size_t delivered = 0;
  bool closed = false;
};

class absent_sink final : public sink {
 public:
  explicit absent_sink(behaviour& how) : how_(how) {}
  void open(const context& with) override {
    with_ = &with;
    if (with.time->now() < how_.there_from) {
      throw sink_away(exit_code::unavailable, "db: connection refused", "start it");
    }
    ++how_.opened;
  }
  delivery write(const batch& records) override {
    how_.delivered += records.size();
    return {};
  }
  std::expected<prepared, delivery_error> prepare() override {
    if (with_->time->now() < how_.commits_from) return std::unexpected(not_now());
    how_.commits.push_back(with_->time->now());
    return prepared{};
  }
  delivery close() override {
    if (with_->time->now() < how_.closes_from) {
      return std::unexpected(not_now());
    }
    how_.closed = true;
    return {};
  }
  std::string guarantee() const override { return "none"; }

 private:
  static delivery_error not_now() {
    return {delivery_error::kind::refused, "db: not now", exit_code::unavailable};
  }

  behaviour& how_;
  const context* with_ = nullptr;
};

struct no_options {};

struct AbsentSink : testing::Test {
  memory_disk disk;
  virtual_clock time;
  interrupt wake;
  behaviour how;
  std::vector<std::string> said;
  run_options options;

  AbsentSink() {
    options.lanes = 1;
    options.on_notice = [this](const std::string& what) { said.push_back(what); };
    disk.put("in.ndjson", "{\"n\":1}\n{\"n\":2}\n");
  }
  run_report go(const std::string& source = "in.ndjson | json") {
    std::vector<component> table = components();
    table.push_back(declare<no_options>(component::role::sink, "absent", "Comes and goes.")
                        .makes([this](const no_options&, reporter&) -> product {
                          return std::make_unique<absent_sink>(how);
                        }));
    plan made = planned("from " + source + " | to absent", table);
    return run(made, options, {time, disk, wake, [] { return 1.0; }});
  }
};

TEST_F(AbsentSink, is_waited_for_at_the_start) {
  for (const char* const state : {"", "state"}) {
    options.state_directory = state;
    how = {.there_from = time.now() + 40s};
    said.clear();
    const run_report report = go();
    EXPECT_EQ(report.exit, exit_code::ok) << report.error;
    EXPECT_EQ(how.opened, 1);
    EXPECT_EQ(how.delivered, 2u);
    EXPECT_TRUE(how.closed);
    EXPECT_THAT(said, ElementsAre(StartsWith("waiting: db: connection refused; "),
                                  StartsWith("going on after ")));
  }
}

TEST_F(AbsentSink, is_given_up_after_a_while_with_what_to_do) {
  how.there_from = time.now() + 1h;
  const run_report report = go();
  EXPECT_EQ(report.exit, exit_code::unavailable);
  EXPECT_THAT(report.error, HasSubstr("db: connection refused; gave up after 1m"));
  EXPECT_EQ(report.hint, "start it");
  EXPECT_EQ(how.delivered, 0u);
}

TEST_F(AbsentSink, is_waited_for_at_the_end) {
  how.closes_from = time.now() + 40s;
  const run_report report = go();
  EXPECT_EQ(report.exit, exit_code::ok) << report.error;
  EXPECT_TRUE(how.closed);
  EXPECT_THAT(said, ElementsAre(StartsWith("waiting: db: not now; "), testing::_));
}

TEST_F(AbsentSink, that_a_commit_waited_for_is_no_reason_to_put_off_the_next) {
  options.state_directory = "state";
  how.commits_from = time.now() + 1h;
  EXPECT_EQ(go("generate 300 rate=10").exit, exit_code::ok);
  ASSERT_GT(how.commits.size(), 2u);
  EXPECT_LT(how.commits[1] - how.commits[0], 10s);
}

TEST_F(AbsentSink, costs_no_word_if_it_is_there) {
  EXPECT_EQ(go().exit, exit_code::ok);
  EXPECT_THAT(said, IsEmpty());
}

}  // namespace
}  // namespace weir::test
