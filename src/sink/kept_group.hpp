#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/sink.hpp"

namespace weir {

/// The records of a group that is not committed yet, kept so that a transaction that was lost can
/// be sent again, and those of them that the database refused. Rows are numbered from 0. Shares
/// the memory of the batches, which counts against the budget.
class kept_group {
 public:
  /// Adds the live records of `b`.
  void add(const batch& b);
  /// Takes back the latest `add`.
  void take_back();
  void clear() noexcept;

  std::size_t size() const noexcept { return rows_.size(); }
  const record& row(std::size_t at) const noexcept { return *rows_[at]; }
  std::span<const record* const> rows() const noexcept { return rows_; }

  /// Leaves a row out of the group from now on.
  void refuse(std::size_t at, std::string why) { refused_.emplace(at, std::move(why)); }
  bool is_refused(std::size_t at) const { return !refused_.empty() && refused_.contains(at); }
  /// The rows that are not refused.
  std::vector<std::size_t> accepted() const;
  /// The engine has been told which rows are refused: nothing may be added, and what is refused now
  /// would be lost.
  void settle() noexcept { settled_ = true; }
  bool is_settled() const noexcept { return settled_; }
  /// What the refused rows are for the engine. Valid until the group changes.
  std::vector<refused_record> refused() const;

 private:
  std::deque<batch> batches_;
  std::vector<const record*> rows_;
  std::map<std::size_t, std::string> refused_;
  bool settled_ = false;
};

}  // namespace weir
