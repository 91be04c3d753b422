#include "engine/sink_run.hpp"

#include <cassert>
#include <functional>
#include <utility>

#include "record/as_json.hpp"

namespace weir {
namespace {

/// What the dead letter calls the stage that text records without a parser went through.
const stage_id as_text{first_rule, "text"};

/// Calls `open` until the place is there or was waited for long enough.
void open_in_time(redelivery& again, const std::function<void()>& open) {
  std::string hint;
  const delivery opened = again.until_taken([&]() -> delivery {
    try {
      open();
      return {};
    } catch (const sink_away& why) {
      hint = why.hint();
      return std::unexpected(delivery_error{delivery_error::kind::refused, why.what(), why.code()});
    }
  });
  if (!opened) throw error(opened.error().code, opened.error().message, hint);
}

bool is_of(const record& r, const refused_record& refused) {
  return r.number() == refused.number && &r.source() == refused.source && r.is_live();
}

}  // namespace

sink_run::sink_run(planned_sink& of, std::string name, run_parts& shared, ledger& counts,
                   outcome_log* up, bool in_branch)
    : of_(of),
      name_(std::move(name)),
      id_{first_rule, of.text},
      shared_(shared),
      again_(shared.redelivery_to(of.text)),
      counts_(counts),
      up_(up),
      in_branch_(in_branch),
      held_(shared.with.pool->shared_ceiling()) {}

void sink_run::open() {
  if (shared_.rehearse) return;
  open_in_time(again_, [this] { to().open(shared_.with); });
  open_ = true;
}

std::uint64_t sink_run::resume(const sink_memory& memory) {
  std::uint64_t entry = 0;
  open_in_time(again_, [&] { entry = to().resume(shared_.with, memory); });
  open_ = true;
  return entry;
}

/// A text record becomes JSON here at the latest, which must be UTF-8.
void sink_run::reject_unwritable_text(batch& b) const {
  if (of_.made->takes_any_text()) return;
  for (record& r : b) {
    if (!can_be_json(r)) b.reject_record(r, reject_as_not_utf8(r), as_text);
  }
}

void sink_run::deliver(batch& b) {
  reject_unwritable_text(b);
  const bool late = open_ && to().refuses_late();
  late ? compact(b) : hand_over_rejects(b);
  if (!b.empty()) hand_over(b);
  moved_.note(b);
  if (late) {
    hold_records_of(b);
    unsettled_.push_back(std::move(b));
  } else {
    settle(b);
  }
}

/// What is held until the commit does not keep the memory of the many records that have gone.
void sink_run::compact(batch& b) const {
  batch held(shared_.with.pool);
  held.absorb(b, SIZE_MAX, SIZE_MAX);
  b = std::move(held);
}

/// The records, not their text: here, in the sink's group and in its list of them.
void sink_run::hold_records_of(const batch& b) {
  held_records_ += b.all().size();
  held_.hold(held_records_ * (2 * sizeof(record) + sizeof(record*)));
}

void sink_run::hand_over_rejects(const batch& b) {
  if (!b.rejects().empty()) shared_.reject(b);
}

void sink_run::hand_over(batch& b) {
  if (shared_.rehearse) return shared_.rehearse(of_.text, b);
  if (reader_gone_) return b.end_live(shared_.reader_gone);
  if (const delivery done = again_.until_taken([&] { return to().write(b); }); !done) {
    failed(done.error());
    return b.end_live(shared_.reader_gone);
  }
  uncommitted_bytes_ += b.text_bytes();
}

void sink_run::on_due() {
  const delivery done = again_.until_taken([this] { return to().on_due(); });
  if (!done) failed(done.error());
}

/// In a branch, a reader that went away ends only the branch.
void sink_run::failed(const delivery_error& why) {
  open_ = false;
  reader_gone_ = why.what == delivery_error::kind::closed;
  lost_ = !reader_gone_ && to().counts_once_closed();
  if (!reader_gone_ || !in_branch_) throw sink_failure(why);
}

void sink_run::settle(const batch& b) {
  counts_.settle(b, delivered);
  if (up_ == nullptr) return;
  for (const record& r : b) up_->note(r.source(), r.number(), delivered, {});
}

std::string sink_run::prepare() {
  if (!open_) return {};
  auto ready = again_.until_taken([this] { return to().prepare(); });
  if (!ready) {
    failed(ready.error());
    return {};
  }
  reject_late(ready->refused);
  return std::move(ready->token);
}

// Both lists are in the order of delivery.
void sink_run::reject_late(const std::vector<refused_record>& refused) {
  auto next = refused.begin();
  for (batch& b : unsettled_) {
    for (record& r : b) {
      if (next == refused.end() || !is_of(r, *next)) continue;
      b.reject_record(r, reject(next->why), id_);
      ++next;
    }
    hand_over_rejects(b);
    settle(b);
  }
  assert(next == refused.end());
  unsettled_.clear();
}

void sink_run::commit(const commit_point& point) {
  if (open_) {
    const delivery done = again_.until_taken([&] { return to().commit(point); });
    if (!done) failed(done.error());
  }
  uncommitted_bytes_ = 0;
  held_records_ = 0;
  held_.hold(0);
  moved_.clear();
}

void sink_run::close() {
  if (!std::exchange(open_, false)) return;
  const delivery done = again_.until_taken([this] { return to().close(); });
  if (!done) failed(done.error());
}

}  // namespace weir
