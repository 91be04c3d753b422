#include "sink/kept_group.hpp"

namespace weir {

void kept_group::add(const batch& b) {
  const batch& kept = batches_.emplace_back(b.branch());
  for (const record& r : kept) rows_.push_back(&r);
}

void kept_group::take_back() {
  rows_.resize(rows_.size() - batches_.back().size());
  batches_.pop_back();
  refused_.erase(refused_.lower_bound(rows_.size()), refused_.end());
}

void kept_group::clear() noexcept {
  rows_.clear();
  batches_.clear();
  refused_.clear();
  settled_ = false;
}

std::vector<std::size_t> kept_group::accepted() const {
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < size(); ++at) {
    if (!is_refused(at)) out.push_back(at);
  }
  return out;
}

std::vector<refused_record> kept_group::refused() const {
  std::vector<refused_record> out;
  for (const auto& [at, why] : refused_) {
    const record& r = row(at);
    out.push_back({.source = &r.source(),
                   .number = r.number(),
                   .offset = r.offset(),
                   .raw = r.raw(),
                   .why = why});
  }
  return out;
}

}  // namespace weir
