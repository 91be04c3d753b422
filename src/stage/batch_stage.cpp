#include "stage/batch_stage.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir {
namespace {

/// The batch that is being filled. A pure policy: the time is told to it.
class filling {
 public:
  filling(const batch_options& options, std::shared_ptr<block_pool> pool)
      : options_(options), pool_(std::move(pool)), held_(pool_), room_(pool_->shared_ceiling()) {}

  /// Takes what fits of `in`. True once nothing of it is left.
  bool absorb(batch& in, time_point now) {
    const bool was_empty = held_.empty();
    const std::size_t before = held_.all().size();
    const bool all = held_.absorb(in, options_.records - held_.size(), room_bytes());
    for (const record& r : held_.all().subspan(before)) bytes_ += r.is_live() ? r.text().size() : 0;
    room_.hold(held_.all().size() * sizeof(record));
    if (was_empty && !held_.empty()) due_ = due_after(now);
    return all;
  }

  bool full() const { return held_.size() >= options_.records || bytes_ >= options_.bytes.bytes; }
  /// Progress and counts without any record: nothing to wait for.
  bool only_progress() const { return held_.empty() && !held_.runs().empty(); }
  bool anything() const { return !held_.runs().empty(); }
  time_point due() const { return due_; }

  batch& content() { return held_; }
  void clear() {
    held_.reset(pool_);
    room_.hold(0);
    bytes_ = 0;
    due_ = never;
  }

 private:
  std::size_t room_bytes() const {
    return bytes_ >= options_.bytes.bytes ? 0 : options_.bytes.bytes - bytes_;
  }
  time_point due_after(time_point now) const {
    if (options_.timeout.count() <= 0 || options_.timeout >= never - now) return never;
    return now + options_.timeout;
  }

  batch_options options_;
  std::shared_ptr<block_pool> pool_;
  batch held_;
  budget_share room_;  ///< for the records; their text lies in blocks, which count by themselves
  std::size_t bytes_ = 0;
  time_point due_ = never;
};

}  // namespace

stream regrouped(stream in, batch_options options, const context* with) {
  filling next(options, with->pool);
  batch nothing(with->pool);
  for (;;) {
    pull wanted = co_await request;
    const time_point asked_until = wanted.until;
    wanted.until = std::min(wanted.until, next.due());
    batch* const b = in.next(wanted);
    if (b == nullptr) break;
    const bool time_only = b->all().empty();
    const time_point came = with->time->now();
    while (!next.absorb(*b, came)) {
      co_yield next.content();
      next.clear();
    }
    const time_point now = with->time->now();
    if (next.full() || next.only_progress() || now >= next.due() ||
        (next.anything() && (wanted.flush || with->pool->ceiling().exhausted()))) {
      co_yield next.content();
      next.clear();
    } else if (time_only || now >= asked_until) {
      nothing.reset(with->pool);
      co_yield nothing;  // who woke the source may be downstream, and waits for an answer
    }
  }
  if (next.anything()) co_yield next.content();
}

component batch_stage() {
  return declare<batch_options>(component::role::stage, "batch",
                                "Groups records by count, size and time.")
      .describe(
          "A batch goes on when it has `records` records or `bytes` bytes, or `timeout` after its\n"
          "first record came. The sink receives whole batches: one transaction, one request, one "
          "write.")
      .option("records", &batch_options::records, "At most so many records.", positional)
      .option("timeout", &batch_options::timeout, "Hand on what there is after so long; 0s: never.",
              positional)
      .option("bytes", &batch_options::bytes, "At most so many bytes of text.")
      .example("A thousand at a time, none older than two seconds",
               "from app.ndjson | json | batch 1000 2s | to out.ndjson")
      .makes([](const batch_options& o, reporter& report) -> product {
        if (o.records == 0) report.error("a batch of 0 records never goes on", {}, "use `batch 1`");
        return stage{.per_batch = {},
                     .whole = [o](stream in, const context& with,
                                  const stage_id&) { return regrouped(std::move(in), o, &with); },
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = o.bytes.bytes};
      });
}

}  // namespace weir
