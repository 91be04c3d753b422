#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/record.hpp"

namespace weir {

/// What a per-record stage says of a record.
class verdict {
 public:
  enum class kind : std::uint8_t { keep, drop, reject };

  constexpr verdict(kind k) noexcept : kind_(k) {}
  /// The record is bad data. `why` is a short, constant phrase: the report counts by it. `at` is
  /// the byte of the record where the fault lies. `why` must live until the stage's next call.
  static constexpr verdict reject(std::string_view why, std::uint32_t at = 0) noexcept {
    verdict v{kind::reject};
    v.why_ = why;
    v.at_ = at;
    return v;
  }

  constexpr kind what() const noexcept { return kind_; }
  constexpr bool is_keep() const noexcept { return kind_ == kind::keep; }
  constexpr std::string_view why() const noexcept { return why_; }
  constexpr std::uint32_t at() const noexcept { return at_; }

 private:
  std::string_view why_;
  std::uint32_t at_ = 0;
  kind kind_;
};
inline constexpr verdict keep{verdict::kind::keep};
inline constexpr verdict drop{verdict::kind::drop};
constexpr verdict reject(std::string_view why, std::uint32_t at = 0) noexcept {
  return verdict::reject(why, at);
}

/// Which stage speaks: `rule` is its number in the plan (a fate from `first_rule` on) and `name`
/// its text. Its owner outlives every batch that passed the stage.
struct stage_id {
  fate rule = first_rule;
  std::string name;
};

/// One rejected record on its way to the dead letter.
struct reject_entry {
  const shard* source;
  std::uint64_t number;
  std::uint64_t offset;
  std::string_view raw;  ///< in the batch's memory
  std::string_view why;  ///< in the batch's memory
  std::uint32_t at;      ///< byte in `raw` where the fault lies
  const stage_id* stage;
};

/// A stretch of one shard that a batch covers: everything after `from` up to `to`. `settled`
/// counts, by fate, the records of the stretch that the batch no longer holds. Always:
///   to.number - from.number + created = records of the run in the batch + sum of settled
struct run {
  std::shared_ptr<const shard> source;
  position from;
  position to;
  std::vector<std::pair<fate, std::uint64_t>> settled;
  std::uint64_t created = 0;
  bool ends = false;  ///< nothing of the shard comes behind `to`
  /// What the parser has to know of the shard to go on anywhere behind its beginning, a header for
  /// example: at most 64 KiB, kept with the position. Null for nothing.
  std::shared_ptr<const std::string> parser_state = nullptr;

  void settle(fate f, std::uint64_t count = 1);
  /// Whether a stretch of `in` that begins at `at`, and needs to know `state`, is more of this one.
  bool goes_on(const std::shared_ptr<const shard>& in, position at,
               const std::shared_ptr<const std::string>& state) const noexcept;
  /// Moves up to `count` settled records of this stretch to an earlier one. Which fates move first
  /// is arbitrary; their sum is exact.
  void move_settled(run& earlier, std::uint64_t count);
};

/// Steps over the records that are not live.
template <class Record>
class live_iterator {
 public:
  using value_type = record;
  using difference_type = std::ptrdiff_t;
  live_iterator() = default;
  live_iterator(Record* at, Record* last) noexcept : at_(at), last_(last) { skip(); }
  Record& operator*() const noexcept { return *at_; }
  Record* operator->() const noexcept { return at_; }
  live_iterator& operator++() noexcept {
    ++at_;
    skip();
    return *this;
  }
  live_iterator operator++(int) noexcept {
    auto old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const live_iterator& a, const live_iterator& b) noexcept {
    return a.at_ == b.at_;
  }
  friend bool operator==(const live_iterator& it, std::default_sentinel_t) noexcept {
    return it.at_ == it.last_;
  }

 private:
  void skip() noexcept {
    while (at_ != last_ && !at_->is_live()) ++at_;
  }
  Record* at_ = nullptr;
  Record* last_ = nullptr;
};

/// Told what became of each record where a `tee` gives a record to several branches: it counts once
/// in the total, as what the best of the branches made of it.
class outcome_log {
 public:
  virtual ~outcome_log() = default;
  /// One branch is done with a record: `f` is a rule, `rejected` (then `why` tells the reason) or
  /// `delivered`.
  virtual void note(const shard& source, std::uint64_t number, fate f, std::string_view why) = 0;
};

/// What flows through a pipeline: some records in order, the memory they view, the stretches of
/// shards that they come from, and the rejects on the way. A batch without records still carries
/// time, progress and counts. Movable, cheaply; one that was moved from may be assigned to, reset or
/// destroyed, nothing else.
/// Records that a stage dropped stay in `all()` with their fate until a holding stage settles them
/// into their run's counts, so that the ledger's equation can be checked at every step.
class batch {
 public:
  batch() = default;
  explicit batch(std::shared_ptr<block_pool> pool);

  /// A range over the records that are still live, in order.
  auto begin() noexcept {
    const std::span<record> held = all();
    return live_iterator<record>(held.data(), held.data() + held.size());
  }
  auto begin() const noexcept {
    const std::span<const record> held = all();
    return live_iterator<const record>(held.data(), held.data() + held.size());
  }
  std::default_sentinel_t end() const noexcept { return {}; }
  /// How many are live. O(1).
  std::size_t size() const noexcept { return live_; }
  bool empty() const noexcept { return live_ == 0; }
  /// Bytes of the live records' text. O(records).
  std::size_t text_bytes() const noexcept;
  /// Bytes of memory that the batch keeps alive.
  std::size_t pinned_bytes() const noexcept;

  /// Every record, with its fate.
  std::span<record> all() noexcept { return std::span(all_).subspan(taken_); }
  std::span<const record> all() const noexcept { return std::span(all_).subspan(taken_); }
  std::span<run> runs() noexcept { return runs_; }
  std::span<const run> runs() const noexcept { return runs_; }
  std::span<const reject_entry> rejects() const noexcept { return rejects_; }

  /// Applies `fn`, a `verdict(record&)`, to each live record.
  template <class Fn>
  void apply(const stage_id& stage, Fn&& fn) {
    for (record& r : all()) {
      if (!r.is_live()) continue;
      const verdict v = fn(r);
      if (v.what() == verdict::kind::keep) continue;
      if (v.what() == verdict::kind::drop) {
        end_record(r, stage.rule);
      } else {
        reject_record(r, v, stage);
      }
    }
  }
  /// Ends a live record as `stage` says, for the dead letter.
  void reject_record(record& r, const verdict& v, const stage_id& stage);
  /// Ends a live record with fate `f`.
  void end_record(record& r, fate f, std::string_view why = {}) {
    if (outcomes_) outcomes_->note(*r.shard_, r.number_, f, why);
    r.set_fate(f);
    --live_;
  }

  /// Ends every live record with fate `f`.
  void end_live(fate f) {
    for (record& r : *this) end_record(r, f);
  }

  /// Calls `fn(const run&, std::span<const record>)` for each run with the records that it holds.
  /// Returns the loose records, which stand in front of all others: see `take_loose`.
  template <class Fn>
  std::span<const record> for_each_run(Fn&& fn) const {
    std::span<const record> left = all();
    std::size_t ahead = 0;
    while (ahead < left.size() && left[ahead].is_loose()) ++ahead;
    const auto loose = left.first(ahead);
    left = left.subspan(ahead);
    for (const run& r : runs_) {
      std::size_t n = 0;
      while (n < left.size() && lies_in(left[n], r)) ++n;
      fn(r, left.first(n));
      left = left.subspan(n);
    }
    return loose;
  }

  /// Who is told what becomes of the records; nobody, unless a tee is upstream. It outlives the
  /// batch.
  outcome_log* outcomes() const noexcept { return outcomes_; }
  void set_outcomes(outcome_log* log) noexcept { outcomes_ = log; }

  // For sources.
  /// Begins a stretch of `source` at `from`, or goes on with the last one if it ends there and has
  /// no other `state` (see run::parser_state).
  void open_run(std::shared_ptr<const shard> source, position from,
                std::shared_ptr<const std::string> state = nullptr);
  /// Adds a record to the open run. `text` lies in memory that this batch owns, followed by
  /// `block_padding` readable bytes.
  record& add(std::string_view text, std::uint64_t number, std::uint64_t offset) {
    record& r = all_.emplace_back();
    r.text_ = r.raw_ = text.data();
    r.text_size_ = r.raw_size_ = static_cast<std::uint32_t>(text.size());
    r.store_ = stores_.front().get();
    r.shard_ = runs_.back().source.get();
    r.number_ = number;
    r.offset_ = offset;
    ++live_;
    return r;
  }
  /// Moves the open run's end.
  void advance(position to) noexcept { runs_.back().to = to; }
  /// The open run is the end of its shard.
  void end_shard() noexcept { runs_.back().ends = true; }
  void reserve(std::size_t records) { all_.reserve(records); }
  std::size_t capacity() const noexcept { return all_.capacity(); }
  /// Empties the batch for reuse, keeping its vectors; gives it a fresh store.
  void reset(std::shared_ptr<block_pool> pool);

  // For stages that hold records.
  /// How full a batch is to become.
  struct absorb_limit {
    std::size_t records = SIZE_MAX;
    std::size_t bytes = SIZE_MAX;
    bool any = false;  ///< one record has been moved, or none need be

    /// Takes room for one more record, if there is some; for the first one there always is.
    bool admits(std::size_t text_bytes) noexcept;
  };
  /// Moves records from the front of `in` to the end of this batch until `records` live ones or
  /// `bytes` of text have been moved (at least one is) or `in` has no more: live ones with their
  /// bytes (copied if they are sparse in the memory that they pin, shared otherwise), rejects with
  /// theirs, the rest as counts. Both batches' runs then tell exactly what they hold. Returns true
  /// once `in` is used up.
  bool absorb(batch& in, std::size_t records, std::size_t bytes) {
    return absorb(in, absorb_limit{records, bytes});
  }
  /// The same by a limit that may admit no record at all.
  bool absorb(batch& in, absorb_limit left);
  /// Moves all that `in` holds of its first run. Precondition: it has one, and no loose records.
  void absorb_first_run(batch& in);
  /// Makes the live records among `all()[first, end)` one, which has the place of the first of
  /// them; the others end as joined. Between two lines stands a line feed, or with `as_read` what
  /// the shard has there, CR LF for example.
  void join(std::size_t first, std::size_t end, bool as_read);
  /// For stages that change the order: adds copies of the live records `which` of `from` to this
  /// batch, which has no others, as loose ones. They come ahead of the runs that cover them, which
  /// `from` keeps, so that progress advances only when all of them are through.
  void take_loose(const batch& from, std::span<const std::uint32_t> which);
  /// Forgets the live records, which have gone on as loose ones; those that ended, runs, counts and
  /// rejects stay.
  void forget_records() noexcept;

  record_store& store() noexcept { return *stores_.front(); }
  /// For a branch, in which what ended before does not count: settled counts and rejects go, their
  /// records become `elsewhere`.
  void forget_settled();
  /// Another store of this batch, for records that share an index.
  record_store& add_store();
  /// A copy that shares the memory and may be changed without the original's noticing: what a `tee`
  /// hands to each branch.
  batch branch() const;

 private:
  /// Another batch's store whose memory this batch keeps alive, and what stands for it here: null
  /// while none of its own records has come.
  struct kept_store {
    std::shared_ptr<const record_store> theirs;
    record_store* mine;
    std::size_t pinned_bytes;
  };

  static bool lies_in(const record& r, const run& of) noexcept {
    return !r.loose_ && r.shard_ == of.source.get() && r.number_ <= of.to.number;
  }
  void take_record(const record& r, bool copy);
  std::string_view as_json(const record& r);
  void take_rejects(batch& in);
  void share_stores(const batch& in);
  kept_store& keep(const std::shared_ptr<const record_store>& theirs, std::size_t pinned_bytes);
  record_store& standing_for(const record_store& theirs) noexcept;
  bool absorb_runs(batch& in, bool copy, absorb_limit& left);
  bool absorb_run(batch& in, run& from, std::size_t& next, bool copy, absorb_limit& left);
  std::size_t same_fate(std::size_t first, const run& of) const noexcept;
  bool absorb_loose(batch& in, bool copy, absorb_limit& left);

  std::vector<record> all_;
  std::size_t taken_ = 0;  ///< records at the front that another batch absorbed
  std::vector<run> runs_;
  std::vector<reject_entry> rejects_;
  std::vector<std::shared_ptr<record_store>> stores_;
  std::vector<kept_store> kept_;
  std::size_t live_ = 0;
  outcome_log* outcomes_ = nullptr;
};

}  // namespace weir
