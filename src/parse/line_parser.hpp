#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parse/field_list.hpp"
#include "weir/component.hpp"

namespace weir {

/// Reads the fields of one line of some format. One instance for each thread.
class line_parser {
 public:
  virtual ~line_parser() = default;

  /// The next lines are of this shard; told for each batch anew.
  virtual void enter(const shard& of, field_list& out) {
    static_cast<void>(of);
    static_cast<void>(out);
  }
  /// Adds the fields of `line` to `out`, or says what is wrong with it; what was added then does
  /// not count. Precondition: `line` is UTF-8 and not blank, and stays as long as `out`'s table.
  virtual verdict parse(std::string_view line, field_list& out) = 0;
};

/// Turns the lines of a batch into records of fields: the work that all line parsers share. Blank
/// lines end as blank ones, a line that is not UTF-8 is rejected, and so is one that the parser
/// refuses, or it stays the text that it is with `keep_others`.
class line_parsing {
 public:
  line_parsing(std::unique_ptr<line_parser> parser, std::shared_ptr<block_pool> pool,
               const stage_id& stage, bool keep_others);

  void operator()(batch& lines) { (*this)(lines, lines.all()); }
  /// Only `some` of the records of `lines`; what is no text any more is left alone.
  void operator()(batch& lines, std::span<record> some);

 private:
  void parse_group(batch& lines, std::span<record> group, record_store& store);
  void parse(batch& lines, record& r, record_store& store);
  bool has_valid_text(batch& lines, record& r);

  std::unique_ptr<line_parser> parser_;
  field_list fields_;
  const stage_id& stage_;
  bool keep_others_;
  const shard* entered_ = nullptr;
};

using make_line_parser = std::function<std::unique_ptr<line_parser>()>;

/// The stage that runs such a parser. `on_invalid` is the option of that name.
stage line_parser_stage(make_line_parser make, const std::string& on_invalid);

/// The option `on_invalid` of a parser.
inline constexpr std::string_view on_invalid_text =
    "What happens to other lines: they are rejected or kept as text.";
inline const option_traits on_invalid_choices{.choices = {"reject", "keep"}};

}  // namespace weir
