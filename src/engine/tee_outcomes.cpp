#include "engine/tee_outcomes.hpp"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

/// Which outcome of two branches is the record's.
int rank(fate f) noexcept {
  switch (f) {
    case delivered:
      return 5;
    case rejected:
      return 4;
    case joined:
      return 3;
    case blank:
      return 1;
    case live:
      return 0;
    default:
      return 2;
  }
}

}  // namespace

void tee_outcomes::expect(const batch& b) {
  const auto loose = b.for_each_run([this](const run& r, std::span<const record> held) {
    // A shard without a live record would never be released.
    if (std::ranges::none_of(held, &record::is_live)) return;
    window& mine = windows_[r.source.get()];
    mine.source = r.source;
    for (const record& each : held) expect(mine, each);
  });
  for (const record& each : loose) {
    if (!each.is_live()) continue;
    window& mine = windows_[&each.source()];
    // Runs without length stand for the shards of loose records.
    const auto of =
        std::ranges::find(b.runs(), &each.source(), [](const run& r) { return r.source.get(); });
    if (!mine.source && of != b.runs().end()) mine.source = of->source;
    expect(mine, each);
  }
}

void tee_outcomes::expect(window& in, const record& r) const {
  if (!r.is_live()) return;
  const auto place = std::ranges::lower_bound(in.records, r.number(), {}, &outcome::number);
  in.records.insert(place, {.number = r.number(), .open = branches_, .best = live, .why = {}});
}

void tee_outcomes::note(const shard& source, std::uint64_t number, fate f, std::string_view why) {
  const auto of = windows_.find(&source);
  if (of == windows_.end()) return;
  auto& records = of->second.records;
  const auto known = std::ranges::lower_bound(records, number, {}, &outcome::number);
  if (known == records.end() || known->number != number) return;
  join(*known, f, why);
  if (known->open == 0) release(of->second);
}

void tee_outcomes::abandon() {
  for (auto& [source, of] : std::exchange(windows_, {})) {
    for (outcome& each : of.records) {
      if (each.open > 0 && each.best != delivered) each.best = live;
      end(*of.source, each);
    }
  }
}

void tee_outcomes::join(outcome& known, fate f, std::string_view why) const {
  if (known.open > 0) --known.open;
  if (rank(f) <= rank(known.best)) return;
  known.best = f;
  known.why = f == rejected ? std::string{why} : std::string{};
}

// In order, so that the window's front moves on; one that waits behind a record still open is
// released with it.
void tee_outcomes::release(window& of) {
  while (!of.records.empty() && of.records.front().open == 0) {
    const outcome done = std::move(of.records.front());
    of.records.pop_front();
    end(*of.source, done);
  }
  if (of.records.empty()) windows_.erase(of.source.get());
}

void tee_outcomes::end(const shard& source, const outcome& done) const {
  if (up_ != nullptr) {
    up_->note(source, done.number, done.best, done.why);
  } else if (done.best != live) {
    total_.end(source, done.best, done.why);
  }
}

}  // namespace weir
