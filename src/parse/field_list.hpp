#pragma once
#include <memory>
#include <string_view>
#include <utility>

#include "base/shelf.hpp"
#include "record/parsed_fields.hpp"

namespace weir {

/// Where a parser notes the fields of one record after the other. The texts are not copied: they
/// lie in the line, in `memory`, or are constants; names are constants, unless the table is told
/// who keeps them alive. One thread at a time.
class field_list {
 public:
  static constexpr std::size_t longest_name = 0xffff;

  explicit field_list(std::shared_ptr<block_pool> pool) : pool_(std::move(pool)) {}

  /// Begins the table of the records whose store is `store`, which outlives the table's making.
  void begin(record_store& store) {
    table_ = idle_->take();
    table_->all.clear();
    table_->names.reset();
    store_ = &store;
  }
  /// Begins a record; returns its place, for `undo` and for the record.
  std::uint32_t begin_record() noexcept {
    first_ = table_->all.size();
    return static_cast<std::uint32_t>(first_);
  }
  /// Adds a field. Precondition: the name is not longer than `longest_name`.
  void add(std::string_view name, std::string_view text, text_form form = text_form::plain) {
    table_->all.push_back({name.data(), text.data(), static_cast<std::uint32_t>(text.size()),
                           static_cast<std::uint16_t>(name.size()), form});
  }
  void end_record() { table_->all.push_back({}); }
  /// Forgets what was added since `begin_record`.
  void undo() { table_->all.resize(first_); }
  std::size_t size() const noexcept { return table_->all.size() - first_; }

  /// For texts that do not stand in the line as they are.
  arena& memory() noexcept { return store_->memory; }
  void keep_names(std::shared_ptr<const void> names) { table_->names = std::move(names); }

  /// Hands the table over; what it holds counts against the budget until it is released.
  std::shared_ptr<const field_table> take();

 private:
  std::shared_ptr<block_pool> pool_;
  std::shared_ptr<shelf<field_table>> idle_ = std::make_shared<shelf<field_table>>();
  std::unique_ptr<field_table> table_;
  record_store* store_ = nullptr;
  std::size_t first_ = 0;
};

}  // namespace weir
