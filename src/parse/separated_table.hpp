#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/table_header.hpp"

namespace weir {

/// A table of separated values (CSV, TSV, ...) that is told by its header: `auto` has no options to
/// say what it is. Its records are lines; unquoted numbers, true and false are such values, and a
/// field without anything is missing.
class separated_table final : public headed_format {
 public:
  /// The table that begins with the line `header`; null if that does not look like names with
  /// commas, tabs, semicolons or bars between them.
  static std::shared_ptr<const separated_table> with(std::string_view header);
  /// The same for the first lines of a file, where Excel may have put `sep=;` in front.
  static std::shared_ptr<const separated_table> at_front(std::span<const std::string_view> lines);
  /// `names` are those of `header`, `stage` is a constant.
  separated_table(std::string_view header, char separator, std::string_view stage,
                  std::vector<std::string> names);

  line kind_of(std::string_view text) const noexcept override;
  table_header read(std::span<const std::string> lines) const override;
  std::unique_ptr<line_rule> rule() const override;

  /// The stage that reads it, as a pipeline spells it.
  std::string_view stage() const noexcept { return stage_; }
  /// Whether `lines`, the first ones of a file, are surely such a table, and not texts that happen
  /// to have a comma each.
  bool is_likely(std::span<const std::string_view> lines) const;

 private:
  std::string header_;
  char separator_;
  std::string_view stage_;
  std::vector<std::string> names_;
};

}  // namespace weir
