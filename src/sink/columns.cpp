#include "sink/columns.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "record/json_members.hpp"

namespace weir {
namespace {

/// Calls `fn(key, json)` for each top-level field; a text record has its message, whose JSON is
/// written to `scratch`.
template <class Fn>
void for_each_field(const record& r, std::string& scratch, Fn fn) {
  const auto visit = [&](const member& m) { fn(m.key, m.value); };
  if (r.shape() == shape::json) return for_each_member(r, visit);
  scratch.clear();
  r.write(scratch);
  for_each_member(scratch, visit);
}

column_kind kind_for(const value& v, bool times) noexcept {
  switch (v.type) {
    case kind::boolean:
      return column_kind::boolean;
    case kind::integer:
      return column_kind::integer;
    case kind::real:
      return column_kind::real;
    case kind::decimal:
      return column_kind::number;
    case kind::object:
    case kind::array:
      return column_kind::json;
    default:
      return times && parse_rfc3339(v.text) ? column_kind::time : column_kind::text;
  }
}

bool is_numeric(column_kind k) noexcept {
  return k == column_kind::integer || k == column_kind::real || k == column_kind::number;
}

/// The kind that holds what either holds.
column_kind wider(column_kind a, column_kind b) noexcept {
  if (a == b) return a;
  if (a == column_kind::json || b == column_kind::json) return column_kind::json;
  if (is_numeric(a) && is_numeric(b)) return std::max(a, b);
  return column_kind::text;
}

bool has_escapes(std::string_view json_string) noexcept {
  return json_string.find('\\') != json_string.npos;
}

}  // namespace

bool fits_double(std::int64_t number) noexcept {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  return number >= -exact && number <= exact;
}

bool column_finder::may_be_column(const std::string& name) const {
  return !name.empty() && name.size() <= rules_.most_bytes && name.find('\0') == name.npos &&
         lower_case(name) != rest_column && fields_.size() < most_columns &&
         std::ranges::find(rules_.reserved, name) == rules_.reserved.end();
}

column_finder::field* column_finder::new_field(const std::string& name) {
  if (!may_be_column(name)) return nullptr;
  if (!taken_.insert(rules_.ignores_case ? lower_case(name) : name).second) return nullptr;
  by_name_.emplace(name, fields_.size());
  return &fields_.emplace_back(field{.name = name, .plain = !has_escapes(name), .kind = {}});
}

column_finder::field* column_finder::field_called(std::string_view key) {
  if (next_ < fields_.size() && fields_[next_].name == key && fields_[next_].plain) {
    return &fields_[next_++];
  }
  std::string name;
  unescape(key, name);
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return new_field(name);
  next_ = known->second + 1;
  return &fields_[known->second];
}

void column_finder::learn_member(std::string_view key, std::string_view json) {
  field* const f = field_called(key);
  if (f == nullptr || (f->kind == column_kind::text && json.starts_with('"'))) return;
  const value v = read_json(json);
  if (v.is_null()) return;
  const column_kind mine = kind_for(v, times_);
  f->kind = f->kind ? wider(*f->kind, mine) : mine;
  if (v.type == kind::integer && !fits_double(v.integer)) f->beyond_double = true;
}

void column_finder::learn(const record& r) {
  next_ = 0;
  for_each_field(r, scratch_,
                 [this](std::string_view key, std::string_view json) { learn_member(key, json); });
}

std::vector<column> column_finder::columns() const {
  std::vector<column> out;
  for (const field& f : fields_) {
    const bool inexact = f.kind == column_kind::real && f.beyond_double;
    out.push_back({f.name, inexact ? column_kind::number : f.kind.value_or(column_kind::text)});
  }
  out.push_back({std::string{rest_column}, column_kind::json});
  return out;
}

row_reader::row_reader(std::vector<column> columns, bool ignores_case)
    : columns_(std::move(columns)), cells_(columns_.size()) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].has_default) with_default_.push_back(i);
    by_name_.emplace(columns_[i].name, i);
    is_plain_.push_back(!has_escapes(columns_[i].name));
    const std::string lower = lower_case(columns_[i].name);
    if (ignores_case) by_lower_case_.emplace(lower, i);
    if ((ignores_case ? lower : columns_[i].name) == rest_column) rest_at_ = i;
  }
}

std::size_t row_reader::look_up(std::string_view key) {
  if (has_escapes(key)) {
    name_.clear();
    unescape(key, name_);
    key = name_;
  }
  const auto found = by_name_.find(key);
  return found == by_name_.end() ? none : found->second;
}

std::size_t row_reader::look_up_in_any_case(std::string_view key) {
  if (by_lower_case_.empty()) return none;
  name_.clear();
  unescape(key, name_);
  for (char& c : name_) c = lower_case(c);
  const auto found = by_lower_case_.find(name_);
  return found == by_lower_case_.end() ? none : found->second;
}

std::size_t row_reader::column_called(std::string_view key) {
  const std::size_t at = is_plainly(next_, key) ? next_ : look_up(key);
  if (at != none) next_ = at + 1;
  return at;
}

void row_reader::put(std::string_view key, std::string_view json) {
  if (const std::size_t at = column_called(key); at != none) return lay(at, key, json);
  const std::size_t at = look_up_in_any_case(key);
  if (at == none) return lay(none, key, json);
  in_other_case_.push_back({at, key, json});
  next_ = at + 1;
}

/// Gives a field to its column, or to the rest if it has none or the column is taken.
void row_reader::lay(std::size_t at, std::string_view key, std::string_view json) {
  if (at != none && at != rest_at_ && cells_[at].empty()) {
    cells_[at] = json;
    return;
  }
  if (rest_at_ == none && why_.empty()) {
    why_ = at == none ? "the table has no column `" : "there are two fields `";
    why_ += key;
    why_ += "`, and no column `_rest`";
  }
  rest_ += rest_.empty() ? "{\"" : ",\"";
  rest_ += key;
  rest_ += "\":";
  rest_ += json;
}

void row_reader::find_left_out() {
  left_out_.clear();
  for (const std::size_t at : with_default_) {
    if (cells_[at].empty()) left_out_.push_back(at);
  }
}

std::expected<std::span<const std::string_view>, std::string_view> row_reader::read(
    const record& r) {
  std::ranges::fill(cells_, std::string_view{});
  next_ = 0;
  rest_.clear();
  why_.clear();
  in_other_case_.clear();
  for_each_field(r, text_, [this](std::string_view key, std::string_view json) { put(key, json); });
  for (const field& f : in_other_case_) lay(f.at, f.key, f.json);
  if (!why_.empty()) return std::unexpected(std::string_view{why_});
  if (!rest_.empty()) {
    rest_ += '}';
    cells_[rest_at_] = rest_;
  }
  find_left_out();
  return std::span<const std::string_view>(cells_);
}

}  // namespace weir
