#include "weir/pipeline.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "engine/behind_stages.hpp"
#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/report.hpp"
#include "engine/run.hpp"
#include "engine/spool_run.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_parser.hpp"

namespace weir {

struct pipeline::parts {
  explicit parts(plan p) : planned(std::move(p)), files(real_disk()) {}

  plan planned;
  run_options options;
  real_clock time;
  interrupt wake;
  std::unique_ptr<disk> files;
  context with;

  machine on() { return {time, *files, wake}; }

  /// The stream behind the last stage.
  stream open() {
    if (count_spools(planned.root) > 0)
      throw error(exit_code::usage, "a pipeline with a spool gives no records to a program",
                  "use run(), which takes all of it to its sinks");
    with = {.pool = std::make_shared<block_pool>(std::make_shared<budget>(options.memory_bytes)),
            .time = &time,
            .wake = &wake,
            .files = files.get(),
            .started_ns = time.wall_ns()};
    with.cut_by = cut_of(planned.root);
    with.lanes = lanes_for(options, choose_strategy(planned.from->look(with)).chosen);
    stream in = planned.from->open(with, {});
    return behind_stages(std::move(in), planned.root, with, with.lanes);
  }
};

namespace {

plan planned(const pipeline_text& text, reporter& report) {
  std::optional<plan> made = make_plan(text, components(), {}, report);
  if (!made) throw error(exit_code::usage, render(text, report.found(), false));
  return *std::move(made);
}

[[noreturn]] void throw_unreadable(const source& from) {
  const std::uint64_t others = from.unreadable() - 1;
  throw error(exit_code::io, from.why_unreadable().front() +
                                 (others > 0 ? fmt::format(" (and {} more)", others) : ""));
}

// `from`, which `open` reads, keeps all parts of the pipeline. Nothing is opened before the first
// step.
generator<batch> batches_of(std::shared_ptr<const source> from, std::function<stream()> open) {
  stream in = open();
  while (batch* b = in.next(pull{})) {
    if (!b->empty()) co_yield *b;
  }
  if (from->unreadable() > 0) throw_unreadable(*from);
}

generator<const record> records_of(generator<batch> in) {
  for (batch& b : in) {
    for (const record& r : std::as_const(b)) co_yield r;
  }
}

}  // namespace

pipeline::pipeline(std::shared_ptr<parts> made) noexcept : parts_(std::move(made)) {}
pipeline::pipeline(pipeline&&) noexcept = default;
pipeline& pipeline::operator=(pipeline&&) noexcept = default;
pipeline::~pipeline() = default;

pipeline::pipeline(std::string_view text) {
  reporter report;
  const pipeline_text parsed = parse_text("pipeline", std::string{text}, components(), report);
  parts_ = std::make_shared<parts>(planned(parsed, report));
}

pipeline pipeline::from_yaml(std::string_view yaml, std::string_view name) {
  reporter report;
  const pipeline_text parsed =
      parse_yaml(std::string{name}, std::string{yaml}, components(), read_reference, report);
  return pipeline{std::make_shared<parts>(planned(parsed, report))};
}

pipeline& pipeline::each(std::function<verdict(record&)> fn, std::string name) {
  add(std::move(fn), std::move(name), false);
  return *this;
}

pipeline& pipeline::each_in_lanes(std::function<verdict(record&)> fn, std::string name) {
  add(std::move(fn), std::move(name), true);
  return *this;
}

void pipeline::add(std::function<verdict(record&)> fn, std::string name, bool stateless) {
  auto& rules = parts_->planned.rules;
  const auto rule = static_cast<fate>(first_rule + rules.size());
  rules.push_back(name);
  planned_stage& added = parts_->planned.root.stages.emplace_back();
  added.name = "each";
  added.id = std::make_shared<stage_id>(stage_id{rule, std::move(name)});
  added.made.stateless = stateless;
  added.made.per_batch = [fn = std::move(fn)](const context&,
                                              const stage_id& id) -> batch_function {
    return [fn, &id](batch& b) { b.apply(id, fn); };
  };
}

pipeline& pipeline::lanes(std::size_t count) {
  parts_->options.lanes = count;
  return *this;
}

pipeline& pipeline::memory(std::size_t bytes) {
  parts_->options.memory_bytes = bytes;
  return *this;
}

generator<batch> pipeline::batches() {
  return batches_of({parts_, parts_->planned.from.get()},
                    [all = parts_.get()] { return all->open(); });
}

generator<const record> pipeline::records() {
  return records_of(batches());
}

run_result pipeline::run() {
  const run_report report = weir::run(parts_->planned, parts_->options, parts_->on());
  return {.exit = report.exit,
          .complete = report.complete,
          .in = report.total.in,
          .delivered = report.total.delivered,
          .filtered = report.total.filtered,
          .rejected = report.total.rejected,
          .error = report.error,
          .report = report_json(report)};
}

}  // namespace weir
