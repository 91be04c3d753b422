#include "engine/account.hpp"

namespace weir {

void account::end(fate f, std::uint64_t count) {
  switch (f) {
    case live:
    case elsewhere:
      return;
    case weir::blank:
      blank += count;
      return;
    case weir::rejected:
      rejected += count;
      return;
    case weir::joined:
      joined += count;
      return;
    case weir::delivered:
      delivered += count;
      return;
    default:
      filtered += count;
      filtered_by[f] += count;
  }
}

void account::add(const account& other) {
  in += other.in;
  created += other.created;
  delivered += other.delivered;
  filtered += other.filtered;
  rejected += other.rejected;
  joined += other.joined;
  blank += other.blank;
  bytes_in += other.bytes_in;
  for (const auto& [rule, count] : other.filtered_by) filtered_by[rule] += count;
  for (const auto& [why, count] : other.rejected_by) rejected_by[why] += count;
}

account account_of(const run& r, std::span<const record> held) {
  account sum;
  std::uint64_t not_in = 0;
  const auto count = [&](fate f, std::uint64_t n) {
    sum.end(f, n);
    if (f == blank || f == elsewhere) not_in += n;
  };
  for (const auto& [f, n] : r.settled) count(f, n);
  // Neighbours mostly share their fate, so they are counted in stretches.
  for (std::size_t i = 0; i < held.size();) {
    const fate f = held[i].fate();
    std::size_t n = 1;
    while (i + n < held.size() && held[i + n].fate() == f) ++n;
    count(f, n);
    i += n;
  }
  sum.created = r.created;
  sum.in = r.to.number - r.from.number - not_in;
  sum.bytes_in = r.to.offset - r.from.offset;
  return sum;
}

}  // namespace weir
