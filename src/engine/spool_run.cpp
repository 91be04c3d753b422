#include "engine/spool_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/strategy.hpp"
#include "source/spool.hpp"

namespace weir {
namespace {

using spools = std::vector<std::pair<spool_run::place_in_plan, planned_spool>>;

plan plan_behind(const plan& before, planned_spool of) {
  const std::string& directory = of.queue->options().directory;
  plan made;
  made.source_name = "spool";
  made.source_text = directory;
  made.source_options = {{"directory", directory}};
  made.from = std::make_unique<spool_source>(of.queue);
  made.root = std::move(of.rest);
  made.rules = before.rules;
  return made;
}

/// Takes out of `from` what `put_in`, the account of a path, has delivered.
void take_out(const account& put_in, account& from) {
  from.in -= put_in.delivered;
  from.delivered -= put_in.delivered;
}

void add_without_bytes(account counts, account& to) {
  counts.bytes_in = 0;
  to.add(counts);
}

/// The account of the shard that `like` is one of.
ledger::shard_account& shard_in(run_report& whole, const ledger::shard_account& like) {
  const auto known =
      std::ranges::find(whole.shards, like.identity, &ledger::shard_account::identity);
  if (known != whole.shards.end()) return *known;
  ++whole.shards_seen;
  return whole.shards.emplace_back(
      ledger::shard_account{.name = like.name, .identity = like.identity, .counts = {}});
}

void take_spools(section& of, const std::string& path, bool in_tee, spools& out) {
  if (auto spool = std::move(of.spool))
    out.emplace_back(spool_run::place_in_plan{path + of.sink.text, in_tee}, std::move(*spool));
  if (!of.split) return;
  for (planned_branch& b : of.split->branches)
    take_spools(b.rest, path + b.name + "/", in_tee || !of.split->route, out);
}

}  // namespace

std::size_t count_spools(const section& of) {
  if (of.spool) return 1;
  if (!of.split) return 0;
  std::size_t sum = 0;
  for (const planned_branch& b : of.split->branches) sum += count_spools(b.rest);
  return sum;
}

spool_run::spool_run(place_in_plan place, planned_spool of, const plan& before, run_options options,
                     const machine& on, const context& with)
    : place_(std::move(place)),
      queue_(of.queue),
      plan_(plan_behind(before, std::move(of))),
      options_(std::move(options)),
      on_(on),
      thread_(with, [queue = queue_] { queue->abandon(); }) {
  const std::string& directory = queue_->options().directory;
  options_.lanes = 1;
  options_.strategy = strategy::streaming;
  if (!options_.dead_letter.empty()) options_.dead_letter = directory + "/dead.ndjson";
  if (!options_.state_directory.empty()) options_.state_directory = directory + "/state";
  options_.report_path.clear();
  options_.on_progress = {};
  options_.on_end_of_input = {};
}

void spool_run::start() {
  began_ = queue_->written();
  thread_.start([this] { work(); });
}

void spool_run::work() {
  report_ = run(plan_, options_, on_);
  queue_->leave({.failed = !report_.error.empty(), .code = report_.exit, .message = report_.error});
}

void spool_run::join() {
  thread_.join();
  const std::uint64_t put_in = queue_->published().records - began_.records;
  const bool kept = !options_.state_directory.empty();
  const std::uint64_t in_files = queue_->close();
  say_what_is_left(kept ? in_files : put_in - std::min(put_in, report_.total.in));
}

void spool_run::say_what_is_left(std::uint64_t left) const {
  if (left == 0 || !options_.on_notice) return;
  const bool kept = !options_.state_directory.empty();
  options_.on_notice(
      fmt::format("{}: {} records {}", place_.name, readable_count(left),
                  kept ? "stay in it for the next run" : "were left in it and have not arrived"));
}

void spool_run::add_accounts(const ledger& in_front, run_report& whole) const {
  // Bytes are counted where they are read, which a spool is not.
  for (const auto& [name, counts] : report_.sinks)
    whole.sinks.emplace_back(place_.name + " | " + name, counts).second.bytes_in = 0;
  if (place_.in_tee) return;
  move_counts(in_front, whole);
  move_earlier_counts(whole.earlier);
}

void spool_run::move_counts(const ledger& in_front, run_report& whole) const {
  take_out(in_front.total(), whole.total);
  add_without_bytes(report_.total, whole.total);
  for (const ledger::shard_account& s : in_front.shards())
    take_out(s.counts, shard_in(whole, s).counts);
  for (const ledger::shard_account& s : report_.shards) {
    if (s.identity != spool_source::identity)
      add_without_bytes(s.counts, shard_in(whole, s).counts);
  }
}

void spool_run::move_earlier_counts(run_totals& earlier) const {
  earlier.in -= began_.records;
  earlier.delivered -= began_.records;
  run_totals taken_out = report_.earlier;
  taken_out.bytes_in = 0;
  earlier = earlier + taken_out;
}

void spool_run::add_findings(run_report& whole) const {
  whole.type_mismatches += report_.type_mismatches;
  std::ranges::copy(report_.absent_fields, std::back_inserter(whole.absent_fields));
  std::ranges::copy(report_.first_rejects, std::back_inserter(whole.first_rejects));
  whole.complete = whole.complete && report_.complete;
}

void spool_runs::start(plan& of, const run_options& options, const machine& on,
                       const context& with) {
  spools found;
  take_spools(of.root, "", false, found);
  for (auto& [place, spool] : found)
    all_.push_back(
        std::make_unique<spool_run>(std::move(place), std::move(spool), of, options, on, with));
  for (const auto& s : all_) s->start();
}

void spool_runs::abandon() {
  for (const auto& s : all_) s->abandon();
}

const run_report* spool_runs::join() {
  for (const auto& s : all_) s->join();
  const auto failed =
      std::ranges::find_if(all_, [](const auto& s) { return !s->report().error.empty(); });
  return failed == all_.end() ? nullptr : &(*failed)->report();
}

bool spool_runs::have_rejected() const {
  return std::ranges::any_of(all_,
                             [](const auto& s) { return s->report().exit == exit_code::rejected; });
}

void spool_runs::add_accounts(const std::vector<std::pair<std::string, const ledger*>>& paths,
                              run_report& whole) const {
  for (const auto& s : all_) {
    const auto in_front =
        std::ranges::find(paths, s->name(), [](const auto& path) { return path.first; });
    s->add_accounts(*in_front->second, whole);
  }
}

void spool_runs::add_findings(run_report& whole) const {
  for (const auto& s : all_) s->add_findings(whole);
}

}  // namespace weir
