#include "stage/ordering.hpp"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

/// Kinds that compare with each other share a rank.
int rank(const value& v) noexcept {
  return v.is_number() ? static_cast<int>(kind::integer) : static_cast<int>(v.type);
}

struct entry {
  std::uint32_t place;
  std::vector<value> keys;
};

}  // namespace

std::vector<std::uint32_t> ordering::sorted(batch& b) {
  std::vector<entry> entries;
  entries.reserve(b.size());
  for (std::uint32_t i = 0; i < b.all().size(); ++i) {
    const record& r = b.all()[i];
    if (r.is_live()) entries.push_back({i, keys_of(b, r)});
  }
  std::ranges::sort(entries, [this](const entry& x, const entry& y) {
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      const value& a = x.keys[k];
      const value& c = y.keys[k];
      if (a.is_null() != c.is_null()) return c.is_null();
      const int order = a.is_null() ? 0 : compare(a, c);
      if (order != 0) return keys_[k].descending ? order > 0 : order < 0;
    }
    return x.place < y.place;
  });
  std::vector<std::uint32_t> places(entries.size());
  std::ranges::transform(entries, places.begin(), &entry::place);
  return places;
}

// A key's text moves into the batch's memory, unescaped, so that it outlives the evaluation.
std::vector<value> ordering::keys_of(batch& b, const record& r) {
  std::vector<value> keys;
  keys.reserve(keys_.size());
  for (const key& k : keys_) {
    memory_.reset();
    value v = k.value.evaluate(r, memory_);
    if (v.type == kind::string)
      v = value::of(b.store().memory.copy(memory_.content(v)));
    else
      v.text = b.store().memory.copy(v.text);
    keys.push_back(v);
  }
  return keys;
}

int ordering::compare(const value& a, const value& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  const auto order = expr::compare(a, b, memory_);
  if (order == std::partial_ordering::unordered) return a.text.compare(b.text);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::vector<ordering::key> read_ordering(const std::vector<clause>& by, bool descending,
                                         reporter& report) {
  std::vector<ordering::key> keys;
  for (const clause& c : by) {
    auto value = expr::compile(c.text, report);
    const bool written = c.key.where.length > 0;
    if (value) keys.push_back({*std::move(value), written ? c.key.text == "desc" : descending});
  }
  return keys;
}

}  // namespace weir
