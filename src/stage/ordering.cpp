#include "stage/ordering.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace weir {
namespace {

/// Kinds that compare with each other share a rank.
int rank(const value& v) noexcept {
  return v.is_number() ? static_cast<int>(kind::integer) : static_cast<int>(v.type);
}

bool reads_as_number(std::string_view text) noexcept {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && read == end && std::isfinite(number);
}

bool lies_in(std::string_view part, std::string_view whole) noexcept {
  const std::less_equal<> before;
  return before(whole.data(), part.data()) &&
         before(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

// All keys lie in one array: a vector for each record would cost more than its keys.
std::vector<std::uint32_t> ordering::sorted(batch& b) {
  std::vector<std::uint32_t> places;
  places.reserve(b.size());
  std::vector<value> keys;
  keys.reserve(b.size() * keys_.size());
  for (std::uint32_t i = 0; i < b.all().size(); ++i) {
    if (!b.all()[i].is_live()) continue;
    places.push_back(i);
    add_keys(b, b.all()[i], keys);
  }
  std::vector<std::uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::uint32_t x, std::uint32_t y) {
    return comes_before(&keys[x * keys_.size()], &keys[y * keys_.size()], x < y);
  });
  std::ranges::transform(order, order.begin(), [&](std::uint32_t i) { return places[i]; });
  return order;
}

std::size_t ordering::bytes_for_each() const noexcept {
  return keys_.size() * sizeof(value) + 2 * sizeof(std::uint32_t);
}

void ordering::text_sight::look(const value& v) noexcept {
  const bool empty = v.is_null() || (v.type == kind::string && v.text.empty());
  if (!all_numbers || empty) return;
  all_numbers = v.type == kind::string && reads_as_number(v.text);
  of_different_lengths = of_different_lengths || (length > 0 && length != v.text.size());
  length = v.text.size();
}

std::vector<std::string> ordering::numbers_in_texts() const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (texts_[i].all_numbers && texts_[i].of_different_lengths) found.push_back(keys_[i].text);
  }
  return found;
}

bool ordering::comes_before(const value* a, const value* b, bool otherwise) {
  for (const key& k : keys_) {
    if (a->is_null() != b->is_null()) return b->is_null();
    const int order = a->is_null() ? 0 : compare(*a, *b);
    if (order != 0) return k.descending ? order > 0 : order < 0;
    ++a;
    ++b;
  }
  return otherwise;
}

// A key's text outlives the evaluation: as it stands in the record, or unescaped in the batch's
// memory.
void ordering::add_keys(batch& b, const record& r, std::vector<value>& keys) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const key& k = keys_[i];
    memory_.reset();
    value v = k.value.evaluate(r, memory_);
    const std::string_view text = v.type == kind::string ? memory_.content(v) : v.text;
    const std::string_view kept = lies_in(text, r.text()) ? text : b.store().memory.copy(text);
    if (v.type == kind::string)
      v = value::of(kept);
    else
      v.text = kept;
    texts_[i].look(v);
    keys.push_back(v);
  }
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
    if (value)
      keys.push_back({*std::move(value), written ? c.key.text == "desc" : descending, c.text.text});
  }
  return keys;
}

}  // namespace weir
