#include "engine/field_watch.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir {

field_watch::field_watch(const std::vector<named_field>& fields, std::uint64_t records_max)
    : records_max_(records_max) {
  for (const named_field& f : fields) {
    const bool twice =
        std::ranges::any_of(fields_, [&](auto& w) { return w.field.path == f.path; });
    if (!twice) fields_.emplace_back().field = f;
  }
  unseen_ = fields_.size();
}

void field_watch::look(const record& r) noexcept {
  looked_at_.fetch_add(1, std::memory_order_relaxed);
  for (watched& w : fields_) {
    if (w.seen.load(std::memory_order_relaxed)) continue;
    if (r.get(w.field.path).type == kind::missing) continue;
    if (!w.seen.exchange(true, std::memory_order_relaxed) && --unseen_ == 0) close();
  }
}

void field_watch::look(const batch& b) noexcept {
  if (!open() || looked_at_.load(std::memory_order_relaxed) >= records_max_) return;
  for (const record& r : b) look(r);
}

std::vector<absent_field> field_watch::absent() const {
  std::vector<absent_field> names;
  const std::uint64_t looked_at = looked_at_;
  if (!open() || looked_at == 0) return names;
  const std::uint64_t first_of = looked_at < records_max_ ? 0 : looked_at;
  for (const watched& w : fields_) {
    if (!w.seen) names.push_back({w.field.path.spelled(), w.field.meant, first_of});
  }
  return names;
}

std::shared_ptr<field_watch> watch_fields(const std::vector<named_field>& fields) {
  constexpr std::uint64_t enough = 100'000;
  return fields.empty() ? nullptr : std::make_shared<field_watch>(fields, enough);
}

std::shared_ptr<field_watch> watch_fields(const std::vector<field_path>& fields) {
  std::vector<named_field> named;
  for (const field_path& path : fields) named.push_back({path});
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  return named.empty() ? nullptr : std::make_shared<field_watch>(named, all);
}

stage watched_filter(stage filter, std::shared_ptr<field_watch> watch) {
  filter.per_batch = [inner = std::move(filter.per_batch), watch = std::move(watch)](
                         const context& with, const stage_id& id) -> batch_function {
    return [filter = inner(with, id), watch](batch& b) mutable {
      watch->look(b);
      filter(b);
      if (watch->open() && b.size() > 0) watch->close();
    };
  };
  return filter;
}

stage watched(stage of, std::shared_ptr<field_watch> watch) {
  if (of.whole) {
    of.whole = [inner = std::move(of.whole), watch = std::move(watch)](
                   stream in, const context& with, const stage_id& id) {
      return inner(watched(std::move(in), watch), with, id);
    };
    return of;
  }
  of.per_batch = [inner = std::move(of.per_batch), watch = std::move(watch)](
                     const context& with, const stage_id& id) -> batch_function {
    return [work = inner(with, id), watch](batch& b) mutable {
      watch->look(b);
      work(b);
    };
  };
  return of;
}

stream watched(stream in, std::shared_ptr<field_watch> watch) {
  while (batch* const b = in.next(co_await request)) {
    watch->look(*b);
    co_yield *b;
  }
}

}  // namespace weir
