#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/csv_fields.hpp"
#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// What the columns of a shard are called, and how that is known.
struct csv_header {
  std::vector<std::string> names;
  /// `fixed`: a record has exactly these fields. Else names of further ones are made up.
  bool fixed = true;
  verdict fault = keep;  ///< no record of the shard can be read
};

/// The header of a record `text`: an empty name becomes `columnN`, a repeated one gets `_2`.
csv_header read_csv_header(std::string_view text, const csv_format& how);

/// The headers of the shards that are being read. One thread at a time.
class csv_headers {
 public:
  /// `given` holds for every shard, unless it has no names: then each shard has its own.
  explicit csv_headers(csv_header given) : given_(std::make_shared<csv_header>(std::move(given))) {}

  void set(std::shared_ptr<const shard> of, csv_header header);
  void forget(const shard& of);
  /// Never null.
  std::shared_ptr<const csv_header> of(const shard& which) const;

 private:
  struct entry {
    std::shared_ptr<const shard> source;
    std::shared_ptr<const csv_header> header;
  };
  std::shared_ptr<const csv_header> given_;
  std::list<entry> all_;
};

/// Reads the fields of one record, by the header of its shard.
class csv_parser final : public line_parser {
 public:
  struct settings {
    csv_format format;
    bool infer = false;
  };
  csv_parser(settings how, std::shared_ptr<csv_headers> headers)
      : how_(std::move(how)), headers_(std::move(headers)) {}

  void enter(const shard& of, field_list& out) override;
  verdict parse(std::string_view line, field_list& out) override;

 private:
  verdict add(const csv_field& f, std::size_t index, field_list& out);
  std::string_view name_of(std::size_t index, field_list& out);

  settings how_;
  std::shared_ptr<csv_headers> headers_;
  std::shared_ptr<const csv_header> header_ = std::make_shared<csv_header>();
  std::string scratch_;
};

/// Finds where the records of a shard end, and its header.
class csv_lines final : public line_rule {
 public:
  /// `kept` is what another run kept of the shard, if it begins at `first`.
  csv_lines(csv_format how, bool has_header, bool names_given, const run& first,
            std::string_view kept, std::shared_ptr<csv_headers> headers);

  place next(const record& line) override;
  void reset() override { quotes_.reset(); }
  fate whole(const record& r) override;
  std::shared_ptr<const std::string> state() const override { return state_; }

 private:
  void go_without_header();
  fate take_told_separator(char told);
  void take_header(std::uint64_t number, std::string_view text);
  bool is_comment(std::string_view line) const noexcept;

  csv_format how_;
  bool wants_header_;
  bool names_given_;
  std::shared_ptr<const shard> source_;
  std::shared_ptr<csv_headers> headers_;
  csv_quotes quotes_;
  std::uint64_t latest_ = 0;  ///< number of the line before
  std::shared_ptr<const std::string> state_;
};

}  // namespace weir
