#include "one_run.hpp"

#include <fstream>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "base/clock.hpp"
#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/report.hpp"
#include "engine/text_parser.hpp"
#include "test_file.hpp"
#include "unit/small_reads.hpp"
#include "work_directory.hpp"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t new_year_2026_ns = 1'767'225'600'000'000'000;

/// The machine's clock, but for the date.
class dated_clock final : public clock {
 public:
  time_point now() const override { return real_.now(); }
  std::int64_t wall_ns() const override { return new_year_2026_ns; }
  woken wait_readable(int fd, interrupt& wake, time_point until) override {
    return real_.wait_readable(fd, wake, until);
  }
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            time_point until) override {
    return real_.wait(lock, changed, until);
  }

 private:
  real_clock real_;
};

std::map<std::string, std::string> files_beside(const std::map<std::string, std::string>& inputs) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator{"."}) {
    const std::string name = entry.path().lexically_relative(".").string();
    if (entry.is_regular_file() && !inputs.contains(name)) found[name] = content_of(entry.path());
  }
  return found;
}

void expect_balance(const std::string& of, const account& a) {
  EXPECT_TRUE(a.balances()) << of << ": " << a.in << " in + " << a.created << " created, but "
                            << a.delivered << " delivered, " << a.filtered << " filtered, "
                            << a.rejected << " rejected, " << a.joined << " joined";
}

}  // namespace

plan planned(const std::string& pipeline, const std::vector<component>& table) {
  reporter report;
  const pipeline_text text = parse_text("pipeline", pipeline, table, report);
  std::optional<plan> made = make_plan(text, table, {}, report);
  if (!made) throw std::runtime_error(render(text, report.found(), false));
  return std::move(*made);
}

void PrintTo(const manner& how, std::ostream* out) {
  *out << (how.strategy ? name_of(*how.strategy) : "chosen") << ", lanes " << how.lanes
       << ", small reads " << how.small_reads;
}

outcome run_in_directory(const std::string& pipeline,
                         const std::map<std::string, std::string>& inputs, const manner& how,
                         const std::vector<component>& table) {
  const work_directory here;
  write_files(inputs);
  plan made = planned(pipeline, table);
  run_options options;
  options.lanes = how.lanes;
  options.strategy = how.strategy;
  options.dry_run_records = how.dry_run_records;
  if (how.dead_letter) options.dead_letter = "dead.ndjson";
  dated_clock time;
  interrupt wake;
  small_reads files(how.small_reads);
  outcome out{.report = run(made, options, {time, files, wake}), .json = {}, .files = {}};
  out.json = report_json(out.report);
  out.files = files_beside(inputs);
  return out;
}

void expect_accounted(const run_report& report) {
  expect_balance("total", report.total);
  for (const auto& [name, counts] : report.sinks) expect_balance("sink " + name, counts);
  account all;
  for (const auto& shard : report.shards) {
    expect_balance("shard " + shard.name, shard.counts);
    all.add(shard.counts);
  }
  if (report.shards_seen > report.shards.size()) return;
  EXPECT_EQ(all.in, report.total.in);
  EXPECT_EQ(all.delivered, report.total.delivered);
  EXPECT_EQ(all.filtered_by, report.total.filtered_by);
  EXPECT_EQ(all.rejected_by, report.total.rejected_by);
  EXPECT_EQ(all.blank, report.total.blank);
  EXPECT_EQ(all.bytes_in, report.total.bytes_in);
}

}  // namespace weir::test
