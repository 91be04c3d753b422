#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/component.hpp"

namespace weir {

/// A field that a pipeline names.
struct named_field {
  field_path path;
  std::string meant = {};  ///< the text that was written, where that may have been meant instead
};

/// A field that a pipeline names and that was in no record.
struct absent_field {
  std::string name;
  std::string meant = {};      ///< see named_field
  std::uint64_t first_of = 0;  ///< only so many records were looked at; 0: all
  friend bool operator==(const absent_field&, const absent_field&) = default;
};

/// Which of some fields were in no record: a misspelt name looks like a condition that happens to
/// be false, or like a value that happens to be missing. Costs a lookup for each field not seen
/// yet, and nothing once all were seen. Safe to use from several lanes.
class field_watch {
 public:
  /// Looks at about the first `records_max` records.
  field_watch(const std::vector<named_field>& fields, std::uint64_t records_max);

  bool open() const noexcept { return open_.load(std::memory_order_relaxed); }
  void look(const record& r) noexcept;
  void look(const batch& b) noexcept;
  /// Their absence is no longer of interest: the condition that names them was true of a record.
  void close() noexcept { open_.store(false, std::memory_order_relaxed); }

  /// Those that were in none of the records. Empty if there was no record, or it was closed.
  std::vector<absent_field> absent() const;

 private:
  struct watched {
    named_field field;
    std::atomic<bool> seen = false;
  };
  std::deque<watched> fields_;
  std::atomic<std::size_t> unseen_ = 0;
  std::atomic<bool> open_ = true;
  std::atomic<std::uint64_t> looked_at_ = 0;
  std::uint64_t records_max_;
};

/// Over the fields of a condition, in all records; null if it has none.
std::shared_ptr<field_watch> watch_fields(const std::vector<field_path>& fields);
/// Over other fields, which may be missing for good reasons: in as many records as cost nothing.
std::shared_ptr<field_watch> watch_fields(const std::vector<named_field>& fields);

/// `filter` under the eyes of `watch`, which closes with the first record that it keeps.
stage watched_filter(stage filter, std::shared_ptr<field_watch> watch);
/// `of`, whose input is under the eyes of `watch`.
stage watched(stage of, std::shared_ptr<field_watch> watch);
stream watched(stream in, std::shared_ptr<field_watch> watch);

}  // namespace weir
