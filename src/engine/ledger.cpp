#include "engine/ledger.hpp"

namespace weir {

// Shards come one after the other, so one beyond the bound is still counted once as seen unless it
// comes back later.
account* ledger::of(const shard& source) {
  const auto known = by_identity_.find(source.identity);
  if (known != by_identity_.end()) return &shards_[known->second].counts;
  if (shards_.size() >= most_shards) {
    if (latest_identity_ != source.identity) ++seen_;
    latest_identity_ = source.identity;
    return nullptr;
  }
  ++seen_;
  by_identity_.emplace(source.identity, shards_.size());
  return &shards_.emplace_back(shard_account{.name = source.name, .counts = {}}).counts;
}

void ledger::settle(const batch& b, fate live_as) {
  const auto loose = b.for_each_run([&](const run& r, std::span<const record> held) {
    account sum = account_of(r, held);
    std::uint64_t live_records = 0;
    for (const record& each : held) live_records += each.is_live();
    sum.end(live_as, live_records);
    total_.add(sum);
    if (account* const mine = of(*r.source)) mine->add(sum);
  });
  for (const record& r : loose) {
    const fate f = r.is_live() ? live_as : r.fate();
    total_.end(f);
    if (account* const mine = of(r.source())) mine->end(f);
  }
  for (const reject_entry& e : b.rejects()) {
    ++total_.rejected_by[std::string{e.why}];
    if (account* const mine = of(*e.source)) ++mine->rejected_by[std::string{e.why}];
  }
}

void ledger::end(const shard& source, fate f, std::string_view why) {
  account one;
  one.end(f);
  if (f == rejected) one.rejected_by.emplace(why, 1);
  total_.add(one);
  if (account* const mine = of(source)) mine->add(one);
}

}  // namespace weir
