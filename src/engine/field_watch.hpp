#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/component.hpp"

namespace weir {

/// Which fields that a condition names were in no record, as long as it has not been true of one:
/// a misspelt name looks like a condition that happens to be false. Costs a lookup for each field
/// not seen yet, and nothing once a record was kept. Safe to use from several lanes.
class field_watch {
 public:
  explicit field_watch(const std::vector<field_path>& fields);

  bool open() const noexcept { return open_.load(std::memory_order_relaxed); }
  void look(const record& r) noexcept;
  /// The condition was true of a record.
  void close() noexcept { open_.store(false, std::memory_order_relaxed); }

  /// The names of the fields that were in none of the records. Empty if there was no record, or one
  /// was kept.
  std::vector<std::string> absent() const;

 private:
  struct watched {
    field_path path;
    std::atomic<bool> seen = false;
  };
  std::deque<watched> fields_;
  std::atomic<bool> open_ = true;
  std::atomic<bool> any_record_ = false;
};

/// Over the fields of a condition; null if it has none.
std::shared_ptr<field_watch> watch_fields(const std::vector<field_path>& fields);
/// `filter` under the eyes of `watch`.
stage watched(stage filter, std::shared_ptr<field_watch> watch);

}  // namespace weir
