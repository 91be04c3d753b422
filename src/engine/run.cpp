#include "engine/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "base/clock.hpp"
#include "base/require.hpp"
#include "engine/behind_stages.hpp"
#include "engine/condition_findings.hpp"
#include "engine/group_commit.hpp"
#include "engine/make_plan.hpp"
#include "engine/reject_share.hpp"
#include "engine/resumable.hpp"
#include "engine/same_file.hpp"
#include "engine/section_run.hpp"
#include "engine/spool_run.hpp"
#include "engine/state.hpp"
#include "sink/dead_letter.hpp"
#include "source/skips_whole.hpp"
#include "source/waits_for_servers.hpp"
#include "source/with_unreadable.hpp"
#include "stage/head.hpp"
#include "stage/merge.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// How long an input that ends waits for a sink, if nothing remembers how far it came.
constexpr auto short_patience = 1min;
constexpr auto progress_every = 200ms;
constexpr std::size_t most_shown_rejects = 10;
constexpr std::size_t most_samples = 3;
constexpr std::size_t shown_raw_bytes = 200;

/// From a stop on every pull is a drain. The runner alone cannot ask for it: a stage that holds
/// records pulls again and again until it has enough of them.
stream draining_once_stopped(stream in, const context* with) {
  for (;;) {
    pull wanted = co_await request;
    wanted.drain = wanted.drain || with->wake->stopped();
    batch* const b = in.next(wanted);
    if (b == nullptr) co_return;
    co_yield *b;
  }
}

/// One run from its start to its report.
class running {
 public:
  running(plan& of, const run_options& options, const machine& on)
      : plan_(of),
        options_(options),
        on_(on),
        start_(on.time.now()),
        dry_run_{static_cast<fate>(first_rule + of.rules.size()), "dry-run"},
        reader_gone_{static_cast<fate>(dry_run_.rule + 1), "reader gone"} {
    with_.pool = std::make_shared<block_pool>(std::make_shared<budget>(memory_share()));
    with_.started_ns = on.time.wall_ns();
    with_.say = options.on_notice;
    with_.cut_by = cut_of(of.root);
    retries_ = {.give_up_after = patience(), .chance = on.chance, .say = options.on_notice};
    if (auto* const from = dynamic_cast<waits_for_servers*>(plan_.from.get());
        from && options.give_up_after)
      from->wait_for(*options.give_up_after);
    if (options.max_reject_share) rejects_.emplace(*options.max_reject_share);
    if (options.dry_run_records > 0) return;
    if (const std::string path = dead_letter_path(); !path.empty()) {
      dead_.emplace(path, plan_hash(plan_json(of)));
    }
  }

  run_report report() {
    try {
      prepare();
      pull_to_the_end();
      if (options_.on_end_of_input) options_.on_end_of_input();
      commits_->finish();
    } catch (const sink_failure& e) {
      failed(e.why() == delivery_error::kind::closed ? exit_code::ok : e.code(), e.what(), {});
    } catch (const error& e) {
      failed(e.code(), e.what(), e.hint());
    } catch (const std::bad_alloc&) {
      failed(exit_code::io, "out of memory", "lower --memory or --lanes");
    } catch (const std::exception& e) {
      failed(exit_code::io, e.what(), {});
    }
    join_spools();
    conclude();
    return std::move(out_);
  }

 private:
  /// What is behind a spool has a budget of its own: who waits for it must not hold what it needs.
  std::size_t memory_share() const {
    return options_.memory_bytes / (1 + count_spools(plan_.root));
  }

  std::chrono::nanoseconds patience() const {
    const bool patient = !options_.state_directory.empty() || plan_.from->endless();
    return options_.give_up_after.value_or(patient ? retry_policy::for_ever : short_patience);
  }

  std::string dead_letter_path() const {
    if (!options_.dead_letter.empty()) return options_.dead_letter;
    if (!plan_.dead_letter.empty() || options_.state_directory.empty()) return plan_.dead_letter;
    return options_.state_directory + "/dead.ndjson";
  }

  void refuse_overwriting() const {
    std::vector<std::string> others{options_.report_path, dead_letter_path()};
    refuse_same_files(plan_, others, on_.files);
  }

  /// What the source forgets has to be somewhere else by then.
  void refuse_losing_rejects() const {
    if (!plan_.from->forgets() || dead_) return;
    throw error(
        exit_code::usage,
        fmt::format("`{}` forgets what was read, rejected records as well", plan_.source_name),
        "keep those with --dead-letter FILE, or with --state DIR");
  }

  void refuse_losing_spooled() const {
    if (!plan_.from->forgets() || !options_.state_directory.empty()) return;
    if (count_spools(plan_.root) == 0) return;
    throw error(exit_code::usage,
                fmt::format("`{}` forgets what was read, a spool without a state what is in it",
                            plan_.source_name),
                "use --state DIR");
  }

  void prepare() {
    if (options_.dry_run_records == 0) {
      refuse_losing_rejects();
      refuse_losing_spooled();
    }
    seen_ = plan_.from->look(with_);
    if (options_.dry_run_records == 0) refuse_overwriting();
    out_.strategy = choose_strategy(seen_);
    if (options_.strategy) out_.strategy = {*options_.strategy, "as asked for"};
    out_.lanes = lanes_for(options_, out_.strategy.chosen);
    with_.lanes = out_.lanes;
    shared_.reject = [this](const batch& b) { take_rejects(b); };
    if (options_.dry_run_records > 0) {
      shared_.rehearse = [this](const std::string& sink, const batch& b) { keep_samples(sink, b); };
    }
    // Stages may copy the context when they are chained.
    if (keeps_state()) {
      with_.parser_state = [this](const shard& s) { return state_->parser_state_of(s); };
      if (auto* const from = dynamic_cast<skips_whole*>(plan_.from.get()))
        from->skip([this](const shard& s) { return state_->was_read_whole(s); });
    }
    root_.emplace(plan_.root, behind_stages(input(), plan_.root, with_, out_.lanes), shared_, "",
                  nullptr, nullptr);
    open_state();
    commits_.emplace(*plan_.from, *root_, dead_ ? &*dead_ : nullptr, state_ ? &*state_ : nullptr,
                     shared_);
    commits_->open();
    if (state_) out_.earlier = state_->earlier_totals();
    if (options_.dry_run_records == 0) start_spools();
  }

  void start_spools() {
    run_options behind = options_;
    behind.memory_bytes = memory_share();
    behind.dead_letter = dead_letter_path();
    behind.give_up_after = patience();
    spools_.start(plan_, behind, on_, with_);
  }

  /// The error of what is behind a spool is the run's, unless that has one of its own.
  void join_spools() {
    const run_report* const behind = spools_.join();
    if (behind == nullptr || (failed_ && out_.error != behind->error)) return;
    failed_ = true;
    out_.exit = behind->exit;
    out_.error = behind->error;
    out_.hint = behind->hint;
  }

  bool keeps_state() const {
    return !options_.state_directory.empty() && options_.dry_run_records == 0;
  }

  void open_state() {
    if (!keeps_state()) return;
    refuse_stateless(plan_, seen_);
    state_.emplace(state_options{.directory = options_.state_directory,
                                 .plan = plan_hash(plan_json(plan_)),
                                 .plan_as_spelled = plan_hash(plan_json_as_spelled(plan_)),
                                 .accept_changed_plan = options_.accept_changed_pipeline},
                   on_.files);
  }

  resume_points resume() {
    if (!keeps_state()) return {};
    return {[this](const shard& s) { return state_->position_of(s); },
            [this](const shard& s) { return state_->token_of(s); },
            [this] { return state_->shards_with_token(); },
            [this](std::span<const begun_shard> begun) {
              require(log_again_.until_taken([&] { return state_->keep(begun); }));
            }};
  }

  stream input() {
    stream in = draining_once_stopped(records(), &with_);
    if (options_.dry_run_records > 0) {
      in = first_records(std::move(in), options_.dry_run_records, &dry_run_);
    }
    return in;
  }

  stream records() {
    auto shards = plan_.from->open_shards(with_, resume());
    if (!shards) return plan_.from->open(with_, resume());
    auto merge = shards->any_order ? merged_any_order : merged;
    return merge(std::move(shards->listing), shards->at_a_time, &with_);
  }

  void pull_to_the_end() {
    pull wanted;
    for (;;) {
      if (on_.wake.stopped() && !wanted.drain) {
        wanted = {.until = draining_.until(), .drain = true};
      }
      pull now = wanted;
      now.until = std::min(wanted.until, commits_->due());
      if (!root_->step(now)) return;
      if (rejects_) rejects_->note(root_->counts().total());
      commits_->after_step();
      if (!root_->wants_more()) {
        nobody_reads_ = root_->reader_gone();
        return;
      }
      if (wanted.drain && on_.time.now() >= wanted.until) {
        throw error(exit_code::interrupted, drain_limit::exceeded);
      }
      show_progress();
    }
  }

  void show_progress() {
    if (!options_.on_progress) return;
    const time_point now = on_.time.now();
    if (now < next_progress_) return;
    next_progress_ = now + progress_every;
    const account& so_far = root_->counts().total();
    options_.on_progress({.in = so_far.in,
                          .delivered = so_far.delivered,
                          .rejected = so_far.rejected,
                          .stored_bytes = plan_.from->stored_bytes_read(),
                          .stored_bytes_total = seen_.bytes,
                          .seconds = seconds()});
  }

  void take_rejects(const batch& b) {
    if (dead_) require(dead_again_.until_taken([&] { return dead_->write(b); }));
    for (const reject_entry& e : b.rejects()) {
      if (out_.first_rejects.size() == most_shown_rejects) return;
      out_.first_rejects.push_back({.source = e.source->name,
                                    .number = e.number,
                                    .at = e.at,
                                    .stage = e.stage->name,
                                    .why = std::string{e.why},
                                    .raw = std::string{e.raw.substr(0, shown_raw_bytes)}});
    }
  }

  void keep_samples(const std::string& sink, const batch& b) {
    for (const record& r : b) {
      const auto kept = std::ranges::count(out_.samples, sink, &sample::sink);
      if (static_cast<std::size_t>(kept) >= most_samples) return;
      r.write(out_.samples.emplace_back(sample{sink, {}}).record);
    }
  }

  void failed(exit_code code, std::string what, std::string hint) {
    failed_ = true;
    spools_.abandon();
    // What lies behind the last commit is taken back by the next run with this state.
    if (root_ && !state_) root_->close_the_rest();
    const bool in_groups = commits_ && commits_->in_groups();
    if (root_) in_groups || root_->lost() ? root_->take_back() : root_->break_off();
    out_.exit = code;
    if (code == exit_code::ok) return;
    out_.error = std::move(what);
    out_.hint = std::move(hint);
  }

  /// A request that nobody wants any more may be under way, on a thread of the source's.
  void take_apart() {
    auto* const from = dynamic_cast<waits_for_servers*>(plan_.from.get());
    if (from != nullptr) {
      from->wait_no_more();
      on_.wake.nudge();
    }
    root_.reset();
    if (from != nullptr) on_.wake.calm();
  }

  void conclude() {
    if (root_) {
      out_.total = root_->counts().total();
      out_.shards = root_->counts().shards();
      out_.shards_seen = root_->counts().shards_seen();
      std::vector<std::pair<std::string, const ledger*>> sinks;
      root_->collect(sinks);
      for (const auto& [name, counts] : sinks) out_.sinks.emplace_back(name, counts->total());
      spools_.add_accounts(sinks, out_);
    }
    out_.rules = plan_.rules;
    out_.rules.push_back(dry_run_.name);
    out_.rules.push_back(reader_gone_.name);
    commits_.reset();
    take_apart();
    plan_.from->close();
    out_.unreadable = plan_.from->why_unreadable();
    out_.unverified = plan_.from->unverified();
    out_.type_mismatches = type_mismatches_in(plan_.root);
    out_.absent_fields = absent_fields_in(plan_.root);
    out_.complete = !failed_ && !on_.wake.stopped() && !nobody_reads_ && out_.unreadable.empty();
    spools_.add_findings(out_);
    out_.first_rejects.resize(std::min(out_.first_rejects.size(), most_shown_rejects));
    if (!failed_) out_.exit = exit_of_counts();
    out_.seconds = seconds();
    out_.peak_rss_bytes = peak_rss_bytes();
  }

  exit_code exit_of_counts() const {
    if (!out_.total.balances()) return exit_code::io;
    if (!out_.unreadable.empty()) return code_of_unreadable();
    const bool rejected = out_.total.rejected > 0 || spools_.have_rejected();
    return rejected ? exit_code::rejected : exit_code::ok;
  }

  exit_code code_of_unreadable() const {
    const auto* const from = dynamic_cast<const with_unreadable*>(plan_.from.get());
    return from ? from->code_of_unreadable() : exit_code::io;
  }

  double seconds() const { return std::chrono::duration<double>(on_.time.now() - start_).count(); }

  plan& plan_;
  const run_options& options_;
  const machine& on_;
  time_point start_;
  time_point next_progress_{};
  context with_{.pool = nullptr, .time = &on_.time, .wake = &on_.wake, .files = &on_.files};
  estimate seen_;
  run_report out_;
  bool failed_ = false;
  bool nobody_reads_ = false;
  std::optional<dead_letter> dead_;
  std::optional<reject_share> rejects_;
  stage_id dry_run_;
  stage_id reader_gone_;
  retry_policy retries_;
  drain_limit draining_{with_};
  run_parts shared_{with_, {}, {}, reader_gone_.rule, retries_, draining_};
  redelivery dead_again_ = shared_.redelivery_to("the dead letter");
  redelivery log_again_ = shared_.redelivery_to("the checkpoint log");  ///< for the source
  std::optional<state> state_;
  std::optional<section_run> root_;
  std::optional<group_commit> commits_;
  spool_runs spools_;
};

}  // namespace

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::size_t lanes_for(const run_options& options, strategy chosen) {
  if (options.lanes > 0) return options.lanes;
  switch (chosen) {
    case strategy::array:
      return 1;
    case strategy::chunked:
      return std::min<std::size_t>(2, usable_cores());
    case strategy::streaming:
      return usable_cores();
  }
  std::unreachable();
}

run_report run(plan& of, const run_options& options, const machine& on) {
  return running(of, options, on).report();
}

}  // namespace weir
