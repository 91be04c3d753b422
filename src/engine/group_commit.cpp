#include "engine/group_commit.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/require.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// A group is committed after this part of its time when nothing comes in any more.
constexpr int idle_part = 20;
/// A commit that took so long is followed by so many times that without one.
constexpr int rest_factor = 9;
/// No longer, though: it may have waited for a sink or a full disk for an hour.
constexpr auto longest_rest = 5s;
/// How far a group may grow beyond its size meanwhile, unless it is held in memory.
constexpr std::uint64_t most_groups = 64;
/// How often nothing may come of a full memory before the run ends.
constexpr int most_steps_at_standstill = 20;

/// It has a record of its own of which commit it got to.
bool decides(sink_run* s) {
  return s->to().has_own_record();
}

}  // namespace

group_commit::group_commit(source& from, section_run& root, dead_letter* dead, state* remembered,
                           run_parts& shared)
    : from_(from),
      root_(root),
      dead_(dead),
      state_(remembered),
      with_(shared.with),
      say_(shared.retries.say),
      dead_again_(shared.redelivery_to("the dead letter")),
      log_again_(shared.redelivery_to("the checkpoint log")) {
  root_.collect(sinks_);
  // They commit first: until then the run may have to go back to the commit before, which others
  // could not once they had shown this one.
  std::ranges::partition(sinks_, decides);
  agree_on_groups();
  const bool tells_source = from_.forgets() && !shared.rehearse;
  commits_ = state_ != nullptr || tells_source || std::ranges::any_of(sinks_, decides);
}

/// One commit is for all, so the sink whose commits are dear decides; but a sink that may refuse
/// records late holds all of a group in memory, and takes no larger one than it wants.
void group_commit::agree_on_groups() {
  std::size_t held_bytes = 0;
  for (sink_run* const s : sinks_) {
    const commit_group wanted = s->to().groups();
    group_.bytes = std::max(group_.bytes, wanted.bytes);
    group_.time = std::max(group_.time, wanted.time);
    group_.early = group_.early && wanted.early;
    if (!s->to().refuses_late()) continue;
    held_bytes = std::max(held_bytes, wanted.bytes);
    holds_records_ = true;
  }
  if (held_bytes > 0) group_.bytes = held_bytes;
}

void group_commit::open() {
  if (state_ != nullptr) return resume();
  if (dead_ != nullptr) dead_->open(with_);
  for (sink_run* const s : sinks_) s->open();
}

// A sink with a record of its own tells which entry counts; the others then go back to it.
void group_commit::resume() {
  std::uint64_t base = state_->last_entry();
  std::uint64_t newest = 0;
  for (sink_run* const s : sinks_ | std::views::filter(decides)) {
    const std::uint64_t entry = s->resume(state_->memory_of(s->name()));
    newest = std::max(newest, entry);
    base = std::min(base, entry);
  }
  if (newest > base && say_) {
    say_(
        "the last run ended between the commits of two sinks: the last group comes to one of "
        "them again");
  }
  state_->settle_on(base);
  for (sink_run* const s : sinks_) {
    if (!decides(s)) s->resume(state_->memory_of(s->name()));
  }
  if (dead_ != nullptr) {
    std::optional<dead_letter::committed> last;
    if (const auto bytes = state_->dead_bytes(dead_->path())) last = {*bytes, state_->last_plan()};
    dead_->resume(with_, last);
    // Its length is logged: what an earlier run without a state left there may not be durable yet.
    commit_dead_letter();
  }
  state_->begin_run(dead_ != nullptr ? dead_->path() : std::string{},
                    dead_ != nullptr ? dead_->size_bytes() : 0);
  // From here on what the sinks hold is known, whatever a crash leaves behind it.
  if (base == 0 || has_new_output()) commit();
}

/// One that the state does not know yet, because the pipeline was another.
bool group_commit::has_new_output() const {
  return std::ranges::any_of(sinks_, [this](sink_run* s) {
    return !s->to().has_own_record() && !s->to().files().empty() &&
           state_->memory_of(s->name()).token.empty();
  });
}

time_point group_commit::due() const noexcept {
  time_point first = std::max(due_, not_before_);
  for (const sink_run* const s : sinks_) first = std::min(first, s->due());
  return first;
}

void group_commit::after_step() {
  const time_point now = with_.time->now();
  for (sink_run* const s : sinks_) {
    if (now >= s->due()) s->on_due();
  }
  if (!commits_) return root_.forget_moves();
  if (root_.moved().places().empty() && !is_wanted()) return;
  note_progress(now);
  if (!is_time(now)) return;
  root_.flush();
  if (root_.all_through()) return commit();
  root_.hand_on_singly();
  if (!root_.is_within_batch()) refuse_standstill();
}

bool group_commit::is_wanted() const noexcept {
  return std::ranges::any_of(sinks_, [](sink_run* s) { return s->to().wants_commit(); });
}

/// The group itself holds what reading would go on with.
bool group_commit::is_memory_full() const noexcept {
  return holds_records_ && bytes_ > 0 && with_.pool->ceiling().exhausted();
}

/// Where one branch holds its records until the input ends, others cannot commit before that.
void group_commit::refuse_standstill() {
  if (!is_memory_full() || std::exchange(bytes_at_standstill_, bytes_) != bytes_) {
    steps_at_standstill_ = 0;
  } else if (++steps_at_standstill_ == most_steps_at_standstill) {
    throw error(exit_code::io,
                "the memory budget is used up by records that cannot be committed before the "
                "input ends: a branch holds its own until then",
                "run that branch (`sort`, `top`) as a pipeline of its own, or raise --memory");
  }
}

/// Progress without a record is worth no hurry.
void group_commit::note_progress(time_point now) {
  const std::uint64_t before = std::exchange(bytes_, 0);
  for (const sink_run* const s : sinks_) bytes_ = std::max(bytes_, s->uncommitted_bytes());
  const auto time = bytes_ > 0 ? group_.time : std::max<std::chrono::nanoseconds>(group_.time, 1s);
  if (latest_due_ == never || (before == 0 && bytes_ > 0)) latest_due_ = now + time;
  const time_point soon = group_.early ? now + time / idle_part : latest_due_;
  if (due_ == never || before != bytes_) due_ = std::min(latest_due_, soon);
}

bool group_commit::is_time(time_point now) const noexcept {
  const std::uint64_t most = holds_records_ ? 1 : most_groups;
  if (bytes_ >= group_.bytes * most || is_memory_full()) return true;
  if (is_wanted()) return true;
  return now >= not_before_ && (now >= due_ || bytes_ >= group_.bytes);
}

void group_commit::finish() {
  // A drain left the beginning of a record in a branch: the next run reads on from the last commit.
  if (state_ != nullptr && !root_.all_through()) return root_.take_back();
  bool wanted = !root_.moved().places().empty();
  for (sink_run* const s : sinks_) wanted = s->end() || wanted;
  if (commits_ && wanted) commit();
  if (dead_ != nullptr) require(dead_->close());
  root_.close();
}

void group_commit::commit() {
  const time_point began = with_.time->now();
  const std::vector<shard_place> reached = root_.moved().places();
  std::vector<sink_progress> tokens;
  for (sink_run* const s : sinks_) tokens.push_back({s->name(), s->prepare()});
  if (dead_ != nullptr) commit_dead_letter();
  if (state_ != nullptr) log(point_reached(std::move(tokens)));
  for (sink_run* const s : sinks_) {
    s->commit(state_ != nullptr ? state_->next_point(s->name()) : commit_point{});
  }
  if (state_ != nullptr) require(state_->committed());
  from_.committed(reached);
  root_.committed();
  due_ = latest_due_ = never;
  bytes_ = 0;
  const time_point ended = with_.time->now();
  not_before_ =
      ended + std::min<std::chrono::nanoseconds>(rest_factor * (ended - began), longest_rest);
}

void group_commit::commit_dead_letter() {
  require(dead_again_.until_taken([this] { return dead_->commit(); }));
}

void group_commit::log(const checkpoint& reached) {
  require(log_again_.until_taken([&] { return state_->append(reached); }));
}

checkpoint group_commit::point_reached(std::vector<sink_progress> sinks) const {
  checkpoint reached;
  for (const auto& [source, at] : root_.moved().places()) {
    const auto kept = root_.parser_state_of(*source);
    reached.shards.push_back({.id = shard_id(source->identity),
                              .name = source->name,
                              .at = at,
                              .ended = root_.moved().has_ended(*source),
                              .token = from_.token_at(*source, at),
                              .parser_state = kept ? *kept : std::string{}});
  }
  reached.sinks = std::move(sinks);
  if (dead_ != nullptr) reached.dead_bytes = dead_->size_bytes();
  reached.totals = state_->earlier_totals() + totals_of(root_.counts().total());
  return reached;
}

}  // namespace weir
