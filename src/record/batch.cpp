#include "weir/batch.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

namespace weir {
namespace {

/// With a line break behind it, as it was read: a parser may then scan neighbours in one go.
const char* copy_line(std::string_view line, arena& memory) {
  char* const place = memory.allocate(line.size() + 1);
  if (!line.empty()) std::memcpy(place, line.data(), line.size());
  place[line.size()] = '\n';
  return place;
}

bool is_full_for(std::size_t text_bytes, const batch::absorb_limit& left) noexcept {
  return left.any && (left.records == 0 || left.bytes < text_bytes);
}

}  // namespace

void run::settle(fate f, std::uint64_t count) {
  for (auto& [known, sum] : settled) {
    if (known == f) {
      sum += count;
      return;
    }
  }
  settled.emplace_back(f, count);
}

void run::move_settled(run& earlier, std::uint64_t count) {
  while (count > 0 && !settled.empty()) {
    auto& [f, left] = settled.back();
    const std::uint64_t moved = std::min(count, left);
    earlier.settle(f, moved);
    left -= moved;
    count -= moved;
    if (left == 0) settled.pop_back();
  }
}

bool run::goes_on(const std::shared_ptr<const shard>& in, position at,
                  const std::shared_ptr<const std::string>& state) const noexcept {
  if (source != in || to != at) return false;
  return !state || !parser_state || state == parser_state || *state == *parser_state;
}

batch::batch(std::shared_ptr<block_pool> pool) {
  stores_.push_back(std::make_shared<record_store>(std::move(pool)));
}

void batch::reset(std::shared_ptr<block_pool> pool) {
  all_.clear();
  taken_ = 0;
  runs_.clear();
  rejects_.clear();
  stores_.clear();
  kept_.clear();
  stores_.push_back(std::make_shared<record_store>(std::move(pool)));
  live_ = 0;
  outcomes_ = nullptr;
}

std::size_t batch::text_bytes() const noexcept {
  std::size_t sum = 0;
  for (const record& r : *this) sum += r.text_size_;
  return sum;
}

std::size_t batch::pinned_bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& s : stores_) sum += s->memory.pinned_bytes();
  for (const auto& k : kept_) sum += k.pinned_bytes;
  return sum;
}

void batch::reject_record(record& r, const verdict& v, const stage_id& stage) {
  rejects_.push_back({.source = r.shard_,
                      .number = r.number_,
                      .offset = r.offset_,
                      .raw = r.raw(),
                      .why = store().memory.copy(v.why()),
                      .at = v.at(),
                      .stage = &stage});
  end_record(r, rejected, v.why());
}

void batch::open_run(std::shared_ptr<const shard> source, position from,
                     std::shared_ptr<const std::string> state) {
  if (!runs_.empty() && runs_.back().goes_on(source, from, state)) {
    if (state) runs_.back().parser_state = std::move(state);
    return;
  }
  runs_.push_back({.source = std::move(source),
                   .from = from,
                   .to = from,
                   .settled = {},
                   .created = 0,
                   .parser_state = std::move(state)});
}

// Sharing a block costs nothing now but keeps all of it alive; copying sparse records keeps memory
// in proportion to what is held.
bool batch::absorb(batch& in, absorb_limit left) {
  const bool copy = in.text_bytes() * 2 < in.pinned_bytes();
  if (!copy) share_stores(in);
  if (in.outcomes_) outcomes_ = in.outcomes_;  // a batch that only tells the time knows of none
  // Progress waits until all that have gone ahead of it are through.
  const bool all = absorb_loose(in, copy, left) && absorb_runs(in, copy, left);
  take_rejects(in);
  return all;
}

void batch::absorb_first_run(batch& in) {
  const bool copy = in.text_bytes() * 2 < in.pinned_bytes();
  if (!copy) share_stores(in);
  if (in.outcomes_) outcomes_ = in.outcomes_;
  absorb_limit all;
  absorb_run(in, in.runs_.front(), in.taken_, copy, all);
  in.runs_.erase(in.runs_.begin());
  take_rejects(in);
}

void batch::join(std::size_t first, std::size_t end, bool as_read) {
  const std::span<record> lines = all().subspan(first, end - first);
  const std::size_t most = std::transform_reduce(
      lines.begin(), lines.end(), std::size_t{1}, std::plus{},
      [](const record& r) { return r.is_live() ? r.text_size_ + 2u : std::size_t{0}; });
  char* const begin = store().memory.allocate(most);
  char* at = begin;
  record* head = nullptr;
  std::uint64_t read_to = 0;
  for (record& r : lines) {
    if (!r.is_live()) continue;
    if (head != nullptr) {
      if (as_read && r.offset_ == read_to + 2) *at++ = '\r';
      *at++ = '\n';
    }
    at = std::ranges::copy(r.text(), at).out;
    read_to = r.offset_ + r.raw_size_;
    head == nullptr ? void(head = &r) : end_record(r, joined);
  }
  *at = '\n';  // as behind every line that was read
  head->text_ = head->raw_ = begin;
  head->text_size_ = head->raw_size_ = static_cast<std::uint32_t>(at - begin);
  head->many_lines_ = true;
  store().memory.shrink_last(most - static_cast<std::size_t>(at + 1 - begin));
}

bool batch::absorb_runs(batch& in, bool copy, absorb_limit& left) {
  auto from = in.runs_.begin();
  while (from != in.runs_.end() && absorb_run(in, *from, in.taken_, copy, left)) ++from;
  const bool all = from == in.runs_.end();
  in.runs_.erase(in.runs_.begin(), from);
  return all;
}

/// How many neighbours from `first` on in one run share their fate, as they mostly do.
std::size_t batch::same_fate(std::size_t first, const run& of) const noexcept {
  std::size_t n = 1;
  while (first + n < all_.size() && all_[first + n].fate_ == all_[first].fate_ &&
         lies_in(all_[first + n], of))
    ++n;
  return n;
}

bool batch::absorb_loose(batch& in, bool copy, absorb_limit& left) {
  for (; in.taken_ < in.all_.size() && in.all_[in.taken_].loose_; ++in.taken_) {
    const record& r = in.all_[in.taken_];
    if (!r.is_live()) {
      all_.push_back(r);
    } else if (left.admits(r.text_size_)) {
      take_record(r, copy);
      --in.live_;
    } else {
      // Stretches without length keep the shards of the loose records alive.
      for (const run& stays : in.runs_) open_run(stays.source, stays.from);
      return false;
    }
  }
  return true;
}

/// Moves what is left of one run; false if the batch became full before its end.
bool batch::absorb_run(batch& in, run& from, std::size_t& next, bool copy, absorb_limit& left) {
  // Of a stretch of which nothing fits, nothing is told: its parser's state holds behind it.
  const bool begins = next < in.all_.size() && lies_in(in.all_[next], from);
  if (begins && in.all_[next].is_live() && is_full_for(in.all_[next].text_size_, left))
    return false;
  open_run(from.source, from.from, from.parser_state);
  run& mine = runs_.back();
  for (; next < in.all_.size(); ++next) {
    const record& r = in.all_[next];
    if (!lies_in(r, from)) break;
    if (!from.settled.empty()) from.move_settled(mine, r.number_ - 1 - from.from.number);
    if (r.is_live()) {
      if (!left.admits(r.text_size_)) {
        mine.to = from.from = r.before();
        return false;
      }
      take_record(r, copy);
      --in.live_;
    } else {
      const std::size_t count = from.settled.empty() ? in.same_fate(next, from) : 1;
      mine.settle(r.fate_, count);
      next += count - 1;
    }
    from.from.number = in.all_[next].number_;
  }
  for (const auto& [f, count] : from.settled) mine.settle(f, count);
  mine.created += from.created;
  mine.to = from.to;
  mine.ends = from.ends;
  return true;
}

bool batch::absorb_limit::admits(std::size_t text_bytes) noexcept {
  if (is_full_for(text_bytes, *this)) return false;
  any = true;
  records -= std::min<std::size_t>(records, 1);
  bytes -= std::min(bytes, text_bytes);
  return true;
}

void batch::take_loose(const batch& from, std::span<const std::uint32_t> which) {
  share_stores(from);
  outcomes_ = from.outcomes_;
  for (const run& r : from.runs_) runs_.push_back({r.source, r.from, r.from, {}, 0});
  for (const std::uint32_t i : which) take_record(from.all_[from.taken_ + i], false);
  for (record& r : all_) r.loose_ = true;
}

// Those that ended before are nobody else's to count.
void batch::forget_records() noexcept {
  all_.erase(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(taken_));
  std::erase_if(all_, [](const record& r) { return r.is_live(); });
  taken_ = 0;
  live_ = 0;
}

void batch::take_record(const record& r, bool copy) {
  record& mine = all_.emplace_back(r);
  ++live_;
  if (!copy) {
    mine.store_ = &standing_for(*r.store_);
    return;
  }
  mine.store_ = stores_.front().get();
  mine.index_ = record::no_index;
  mine.raw_ = copy_line(r.raw(), store().memory);
  if (r.shape_ == shape::fields) return mine.set_text(as_json(r), shape::json);
  mine.text_ = r.text_ == r.raw_ ? mine.raw_ : store().memory.copy(r.text()).data();
}

/// The record's JSON, in this batch's memory: what a parser noted stays behind with the other's.
std::string_view batch::as_json(const record& r) {
  std::string json;
  r.write(json);
  return store().memory.copy(json);
}

record_store& batch::add_store() {
  return *stores_.emplace_back(std::make_shared<record_store>(store().memory.pool()));
}

record_store& batch::standing_for(const record_store& theirs) noexcept {
  return *std::ranges::find(kept_, &theirs, [](const kept_store& k) {
            return k.theirs.get();
          })->mine;
}

// The other batch goes on writing to its stores, perhaps on another thread: this one only keeps
// them alive, and never looks into their arenas again.
void batch::share_stores(const batch& in) {
  for (const auto& theirs : in.stores_) {
    kept_store& kept = keep(theirs, theirs->memory.pinned_bytes());
    if (kept.mine != nullptr) continue;
    kept.mine = theirs->index || theirs->fields ? &add_store() : &store();
    if (theirs->index) kept.mine->index = theirs->index;
    if (theirs->fields) kept.mine->fields = theirs->fields;
  }
  for (const kept_store& k : in.kept_) keep(k.theirs, k.pinned_bytes);
}

batch::kept_store& batch::keep(const std::shared_ptr<const record_store>& theirs,
                               std::size_t pinned_bytes) {
  const auto known = std::ranges::find(kept_, theirs, &kept_store::theirs);
  if (known != kept_.end()) return *known;
  return kept_.emplace_back(kept_store{theirs, nullptr, pinned_bytes});
}

// A reject goes with the stretch that it lies in; those in a stretch that `in` keeps stay there.
void batch::take_rejects(batch& in) {
  const auto stays = [&in](const reject_entry& e) {
    return std::ranges::any_of(in.runs_, [&e](const run& r) {
      return r.source.get() == e.source && e.number > r.from.number && e.number <= r.to.number;
    });
  };
  const auto kept = std::ranges::partition(in.rejects_, [&](const auto& e) { return !stays(e); });
  for (auto e = in.rejects_.begin(); e != kept.begin(); ++e) {
    reject_entry& mine = rejects_.emplace_back(*e);
    mine.raw = store().memory.copy(e->raw);
    mine.why = store().memory.copy(e->why);
  }
  in.rejects_.erase(in.rejects_.begin(), kept.begin());
}

void batch::forget_settled() {
  for (run& r : runs_) {
    std::uint64_t sum = 0;
    for (const auto& [f, count] : r.settled) sum += count;
    r.settled.clear();
    if (sum > 0) r.settle(elsewhere, sum);
  }
  rejects_.clear();
}

batch batch::branch() const {
  batch copy(stores_.front()->memory.pool());
  copy.share_stores(*this);
  copy.all_.assign(all().begin(), all().end());
  for (record& r : copy.all_) r.store_ = &copy.standing_for(*r.store_);
  copy.runs_ = runs_;
  copy.rejects_ = rejects_;
  copy.live_ = live_;
  return copy;
}

}  // namespace weir
