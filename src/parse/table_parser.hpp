#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/headed_tables.hpp"
#include "parse/line_parser.hpp"

namespace weir {

struct table_settings {
  /// Strict: a record has as many fields as there are columns, and numbers are numbers. Lenient:
  /// they may be any text, missing fields are left out, and what stands behind the last column
  /// becomes `rest`.
  bool lenient = false;
  bool status_level = false;  ///< add `level` by the class of the status
};

/// Reads the fields of one record, by the header of its shard.
class table_parser final : public line_parser {
 public:
  table_parser(std::shared_ptr<const headed_tables> tables, table_settings how)
      : tables_(std::move(tables)), how_(how) {}

  void enter(const shard& of, field_list& out) override;
  verdict parse(std::string_view line, field_list& out) override;

 private:
  struct field;

  bool is_missing(const field& f) const noexcept;
  verdict add(std::size_t column, const field& f, field_list& out);
  verdict add_list(std::size_t column, std::string_view text, std::uint32_t at, field_list& out);
  std::string_view content_of(const field& f, field_list& out);
  void add_timestamp(std::string_view date, std::string_view time, field_list& out) const;
  bool json_of(column_type type, std::string_view text, std::string_view& json) const;

  std::shared_ptr<const headed_tables> tables_;
  table_settings how_;
  std::shared_ptr<const table_header> header_;
  std::vector<std::string_view> names_;  ///< of the columns, in the memory of the batch at hand
  std::string scratch_;
};

}  // namespace weir
