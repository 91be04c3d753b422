#include "engine/ledger.hpp"

#include <utility>

namespace weir {
namespace {

void forget_unended(account& of) {
  of.in = of.delivered + of.filtered + of.rejected + of.joined - of.created;
}

}  // namespace

// Shards come in one after the other, so one beyond the bound is still counted once as seen unless
// it comes back later. What became of its records is told behind other shards of its batch.
ledger::shard_account* ledger::of(const shard& source, about part) {
  const auto known = by_identity_.find(source.identity);
  if (known != by_identity_.end()) return &shards_[known->second];
  if (shards_.size() >= most_shards) {
    if (part == about::input && std::exchange(latest_identity_, source.identity) != source.identity)
      ++seen_;
    return nullptr;
  }
  ++seen_;
  by_identity_.emplace(source.identity, shards_.size());
  return &shards_.emplace_back(
      shard_account{.name = source.name, .identity = source.identity, .counts = {}});
}

void ledger::add(const shard& source, const account& counts, about part) {
  total_.add(counts);
  if (shard_account* const mine = of(source, part)) {
    if (!mine->committed) mine->committed = mine->counts;
    mine->counts.add(counts);
  }
  if (before_split_ != nullptr) before_split_->add_ends(source, counts);
}

// What is blank to a parser behind the split was counted as a record in front of it.
void ledger::add_ends(const shard& source, account counts) {
  counts.in = 0 - counts.blank;
  counts.bytes_in = 0;
  add(source, counts, about::ends);
}

void ledger::settle(const batch& b, fate live_as) {
  const auto loose = b.for_each_run([&](const run& r, std::span<const record> held) {
    // At most it says that the shard ends here.
    if (r.from == r.to && held.empty() && r.settled.empty()) return;
    account sum = account_of(r, held);
    std::uint64_t live_records = 0;
    for (const record& each : held) live_records += each.is_live();
    sum.end(live_as, live_records);
    add(*r.source, sum, about::input);
  });
  for (const record& r : loose) {
    account one;
    one.end(r.is_live() ? live_as : r.fate());
    add(r.source(), one, about::ends);
  }
  for (const reject_entry& e : b.rejects()) {
    account why;
    why.rejected_by.emplace(e.why, 1);
    add(*e.source, why, about::ends);
  }
}

void ledger::end(const shard& source, fate f, std::string_view why) {
  account one;
  one.end(f);
  if (f == rejected) one.rejected_by.emplace(why, 1);
  add_ends(source, one);
}

void ledger::commit() {
  committed_ = total_;
  for (shard_account& s : shards_) s.committed.reset();
}

void ledger::take_back() {
  total_ = committed_;
  for (shard_account& s : shards_) {
    if (s.committed) s.counts = *std::exchange(s.committed, std::nullopt);
  }
}

void ledger::forget_unended() {
  weir::forget_unended(total_);
  for (shard_account& s : shards_) weir::forget_unended(s.counts);
}

}  // namespace weir
