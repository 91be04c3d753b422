#include "engine/field_watch.hpp"

#include <algorithm>
#include <utility>

namespace weir {

field_watch::field_watch(const std::vector<field_path>& fields) {
  for (const field_path& path : fields) {
    const bool twice = std::ranges::any_of(fields_, [&](auto& w) { return w.path == path; });
    if (!twice) fields_.emplace_back().path = path;
  }
}

void field_watch::look(const record& r) noexcept {
  any_record_.store(true, std::memory_order_relaxed);
  for (watched& w : fields_) {
    if (w.seen.load(std::memory_order_relaxed)) continue;
    if (r.get(w.path).type != kind::missing) w.seen.store(true, std::memory_order_relaxed);
  }
}

std::vector<std::string> field_watch::absent() const {
  std::vector<std::string> names;
  if (!open() || !any_record_) return names;
  for (const watched& w : fields_) {
    if (!w.seen) names.push_back(w.path.spelled());
  }
  return names;
}

std::shared_ptr<field_watch> watch_fields(const std::vector<field_path>& fields) {
  return fields.empty() ? nullptr : std::make_shared<field_watch>(fields);
}

stage watched(stage filter, std::shared_ptr<field_watch> watch) {
  filter.per_batch = [inner = std::move(filter.per_batch), watch = std::move(watch)](
                         const context& with, const stage_id& id) -> batch_function {
    return [filter = inner(with, id), watch](batch& b) mutable {
      if (watch->open()) {
        for (const record& r : b) watch->look(r);
      }
      filter(b);
      if (watch->open() && b.size() > 0) watch->close();
    };
  };
  return filter;
}

}  // namespace weir
