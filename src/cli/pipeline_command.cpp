#include "cli/pipeline_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "cli/explain.hpp"
#include "cli/first_look.hpp"
#include "cli/load.hpp"
#include "cli/look_patience.hpp"
#include "cli/progress.hpp"
#include "cli/report_file.hpp"
#include "cli/signals.hpp"
#include "cli/summary.hpp"
#include "cli/terminal.hpp"
#include "engine/diagnostics.hpp"
#include "engine/report.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

bool is_standard_output(const planned_sink& sink) {
  return sink.name == "stdout" ||
         std::ranges::count(sink.options, std::pair<std::string, std::string>{"path", "-"}) > 0;
}

bool writes_to_standard_output(const section& of) {
  bool found = of.sink.made && is_standard_output(of.sink);
  for_each_behind(of,
                  [&](const section& next) { found = found || writes_to_standard_output(next); });
  return found;
}

/// One pipeline on the real machine.
class pipeline_run {
 public:
  pipeline_run(const invocation& it, const std::vector<component>& table)
      : it_(it), table_(table), errors_(look_at_terminal(STDERR_FILENO, it.color)) {}

  exit_code carry_out() {
    read_pipeline();
    show_diagnostics();
    if (!loaded_.made) return refused();
    switch (it_.what) {
      case action::check:
        return exit_code::ok;
      case action::explain:
        return signal_guard(wake_).code_of([this] { return explain_plan(); });
      default:
        return run_plan();
    }
  }

 private:
  void read_pipeline() {
    try {
      loaded_ = load(it_, table_, *files_);
    } catch (const error& e) {
      report_no_run(e.code(), e.what());
      throw;
    }
  }

  void show_diagnostics() const {
    const auto& found = loaded_.report.found();
    if (it_.json && it_.what == action::check) {
      fmt::print("{}\n", render_json(loaded_.text, found));
    } else if (!found.empty()) {
      say(it_.json ? render_json(loaded_.text, found) + "\n"
                   : render(loaded_.text, found, errors_.color));
    }
  }

  exit_code refused() {
    const auto& found = loaded_.report.found();
    report_no_run(exit_code::usage, std::ranges::find(found, false, &diagnostic::warning)->message);
    return exit_code::usage;
  }

  void report_no_run(exit_code code, const std::string& why) {
    if (it_.what == action::run) write_report(report_of_no_run(code, why, seconds()));
  }

  /// Since the command began.
  double seconds() const { return std::chrono::duration<double>(time_.now() - started_).count(); }

  exit_code explain_plan() {
    plan& p = *loaded_.made;
    context with = surroundings();
    with.say = [](const std::string& notice) { say(notice + "\n"); };
    limit_wait(*p.from, it_);
    const estimate seen = p.from->look(with);
    if (wake_.stopped()) return exit_code::interrupted;
    strategy_choice how = choose_strategy(seen);
    if (const auto asked = strategy_named(it_.strategy)) how = {*asked, "as asked for"};
    if (!it_.dead_letter_path.empty()) p.dead_letter = it_.dead_letter_path;
    fmt::print("{}", explain(p, seen, how, lanes_for(options(), how.chosen), memory_bytes(it_)));
    show_outlook(p, with);
    for (const std::string& seen_as : first_look(p, with)) fmt::print("format    {}\n", seen_as);
    return exit_code::ok;
  }

  static void show_outlook(const plan& p, const context& with) {
    auto* const from = dynamic_cast<with_outlook*>(p.from.get());
    const auto ahead = from ? from->survey(with) : std::nullopt;
    if (ahead && !with.wake->stopped()) fmt::print("{}", shown_outlook(*ahead));
  }

  context surroundings() {
    context with;
    with.pool = std::make_shared<block_pool>(std::make_shared<budget>(memory_bytes(it_)));
    with.time = &time_;
    with.wake = &wake_;
    with.files = files_.get();
    with.cut_by = cut_of(loaded_.made->root);
    return with;
  }

  exit_code run_plan() {
    if (!it_.report_path.empty()) require_writable(*files_, it_.report_path);
    const signal_guard signals(wake_);
    if (errors_.present && !it_.quiet) {
      for (const std::string& seen_as : first_look(*loaded_.made, surroundings()))
        say(seen_as + "\n");
    }
    run_report report = run_under_progress();
    report.seconds = seconds();
    if (signals.received() != 0 &&
        (report.error.empty() || report.exit == exit_code::interrupted)) {
      report.exit = static_cast<exit_code>(128 + signals.received());
    }
    if (report.exit == exit_code::no_input) suggest_pipeline(report);
    say(shown_errors(report, errors_.color));
    if (it_.quiet)
      say(shown_exit(report));
    else
      show_outcome(report);
    write_report(report);
    return report.exit;
  }

  /// What is no file may have been meant as a pipeline.
  void suggest_pipeline(run_report& report) const {
    if (it_.given != subject::inputs) return;
    for (const std::string& path : it_.operands) {
      const std::string hint = hint_for_pipeline(path, table_);
      if (!hint.empty() && report.error.starts_with(path + ":")) report.hint = hint;
    }
  }

  run_options options() const {
    return {.lanes = it_.lanes.value_or(0),
            .memory_bytes = memory_bytes(it_),
            .strategy = strategy_named(it_.strategy),
            .dry_run_records = it_.dry_run.value_or(0),
            .dead_letter = it_.dead_letter_path,
            .state_directory = it_.state_directory,
            .accept_changed_pipeline = it_.accept_changed_pipeline,
            .report_path = it_.report_path,
            .give_up_after = it_.give_up_after,
            .max_reject_share = it_.max_reject_share,
            .on_notice = {},
            .on_progress = {},
            .on_end_of_input = {}};
  }

  run_report run_under_progress() {
    std::optional<progress_line> line;
    if (shows_progress()) line.emplace(stderr, errors_.columns);
    run_options chosen = options();
    std::mutex terminal;
    if (line) {
      chosen.on_progress = [&](const progress& now) {
        const std::lock_guard lock(terminal);
        line->draw(now);
      };
    }
    chosen.on_end_of_input = [&] {
      const std::lock_guard lock(terminal);
      if (line) line->wipe();
    };
    chosen.on_notice = [&](const std::string& what) {
      const std::lock_guard lock(terminal);
      if (line) line->wipe();
      say(what + "\n");
    };
    return run(*loaded_.made, chosen, {time_, *files_, wake_});
  }

  /// Not between the records that a person looks at.
  bool shows_progress() const {
    const bool records_on_terminal = ::isatty(STDOUT_FILENO) == 1 && !it_.dry_run &&
                                     writes_to_standard_output(loaded_.made->root);
    return !it_.quiet && errors_.present && !records_on_terminal;
  }

  void show_outcome(const run_report& report) const {
    say(shown_samples(report));
    if (it_.dead_letter_path.empty() && loaded_.made->dead_letter.empty() &&
        it_.state_directory.empty()) {
      say(shown_rejects(report));
    }
    if (it_.given != subject::inputs) say(summary(report));
    if (it_.given == subject::inputs && report.total.in > 0 && report.total.delivered == 0) {
      say(fmt::format("none of {} records is shown\n", readable_count(report.total.in)));
      say(shown_findings(report));
    }
  }

  /// Not over a file that the run was refused for.
  void write_report(const run_report& report) {
    if (report.exit == exit_code::usage && report.error.starts_with(it_.report_path + ":")) return;
    if (!it_.report_path.empty()) write_whole(*files_, it_.report_path, report_json(report));
  }

  const invocation& it_;
  const std::vector<component>& table_;
  terminal errors_;
  real_clock time_;
  const time_point started_ = time_.now();
  std::unique_ptr<disk> files_ = real_disk();
  interrupt wake_;
  loaded loaded_;
};

}  // namespace

exit_code pipeline_command(const invocation& it, const std::vector<component>& table) {
  return pipeline_run(it, table).carry_out();
}

}  // namespace weir
