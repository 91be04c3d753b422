#include "parse/separated_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "parse/csv.hpp"
#include "parse/json_number.hpp"
#include "parse/quoted_lines.hpp"

namespace weir {
namespace {

struct separator_kind {
  char separator;
  std::string_view stage;
};
constexpr std::array<separator_kind, 4> kinds{
    {{',', "csv"}, {'\t', "tsv"}, {';', "csv delimiter=semicolon"}, {'|', "csv delimiter=pipe"}}};

constexpr std::size_t longest_name = 64;
constexpr std::size_t sure_columns = 3;
/// A quoted cell that takes more is a stray quote.
constexpr std::size_t most_lines_of_record = 100;

bool begins_name(char c) noexcept {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// As columns are called, and what no time and no sentence looks like.
bool is_name(std::string_view text) noexcept {
  static constexpr std::string_view others = " -./()%#@";
  const auto may_hold = [](char c) { return begins_name(c) || is_digit(c) || others.contains(c); };
  return !text.empty() && text.size() <= longest_name && begins_name(text.front()) &&
         text.back() != ' ' && std::ranges::all_of(text, may_hold);
}

csv_format format_of(char separator) {
  return {.delimiter = separator, .quote = separator == '\t' ? csv_format::no_quote : '"'};
}

/// The names that a header has; empty if it is none.
std::vector<std::string> names_in(std::string_view header, char separator) {
  const csv_format format = format_of(separator);
  std::vector<std::string> names;
  csv_fields fields(header, format);
  for (csv_field f; fields.next(f);) {
    if (!is_name(f.text) || std::ranges::find(names, f.text) != names.end()) return {};
    names.emplace_back(f.text);
  }
  if (!fields.fault().is_keep() || names.size() < 2) return {};
  return names;
}

/// What cells of tables have in a row and texts with separators do not.
struct row_marks {
  bool number = false;
  bool quoted_separator = false;  ///< a cell has quotes because it holds a separator
};

row_marks marks_of(std::string_view record, char separator) {
  const csv_format format = format_of(separator);
  csv_fields fields(record, format);
  row_marks found;
  for (csv_field f; fields.next(f);) {
    found.number = found.number || is_json_number(f.text);
    found.quoted_separator = found.quoted_separator || (f.quoted && f.text.contains(separator));
  }
  return found;
}

/// The table of one of `those` that has the most names.
std::shared_ptr<const separated_table> among(std::span<const separator_kind> those,
                                             std::string_view header) {
  const separator_kind* best = nullptr;
  std::vector<std::string> names;
  for (const separator_kind& k : those) {
    auto found = names_in(header, k.separator);
    if (found.size() <= names.size()) continue;
    names = std::move(found);
    best = &k;
  }
  if (best == nullptr) return nullptr;
  return std::make_shared<const separated_table>(header, best->separator, best->stage,
                                                 std::move(names));
}

}  // namespace

std::shared_ptr<const separated_table> separated_table::with(std::string_view header) {
  return among(kinds, header);
}

std::shared_ptr<const separated_table> separated_table::at_front(
    std::span<const std::string_view> lines) {
  if (lines.empty()) return nullptr;
  const char told = told_separator(lines[0]);
  if (told == 0) return with(lines[0]);
  const auto kind = std::ranges::find(kinds, told, &separator_kind::separator);
  if (kind == kinds.end() || lines.size() < 2) return nullptr;
  return among({kind, 1}, lines[1]);
}

separated_table::separated_table(std::string_view header, char separator, std::string_view stage,
                                 std::vector<std::string> names)
    : header_(header), separator_(separator), stage_(stage), names_(std::move(names)) {}

headed_format::line separated_table::kind_of(std::string_view text) const noexcept {
  if (text == header_) return line::header;
  return told_separator(text) == separator_ ? line::comment : line::record;
}

table_header separated_table::read(std::span<const std::string> lines) const {
  table_header header;
  if (lines.empty()) return header;
  header.separator = separator_;
  header.quotes = separator_ != '\t';
  header.unset = "";
  for (const std::string& name : names_) {
    header.columns.push_back({.name = name, .holds = column_type::inferred});
  }
  return header;
}

std::unique_ptr<line_rule> separated_table::rule() const {
  if (separator_ == '\t') return nullptr;
  return std::make_unique<quoted_lines>(format_of(separator_), most_lines_of_record, names_.size());
}

bool separated_table::is_likely(std::span<const std::string_view> lines) const {
  if (!lines.empty() && lines[0] != header_) lines = lines.subspan(1);
  if (lines.size() < 2) return false;
  const bool enough_names = names_.size() >= sure_columns;
  const row_marks marks = marks_of(lines[1], separator_);
  return marks.number || (enough_names && (lines.size() > 2 || marks.quoted_separator));
}

}  // namespace weir
