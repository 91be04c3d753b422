#include "parse/table_parser.hpp"

#include <algorithm>
#include <cstring>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "parse/csv_fields.hpp"
#include "parse/json_number.hpp"
#include "parse/request_line.hpp"
#include "weir/value.hpp"

namespace weir {

struct table_parser::field {
  std::string_view text;  ///< without its quotes
  bool quoted = false;
  std::uint32_t at = 0;  ///< where it begins in the record
};

namespace {

constexpr std::size_t none = std::string_view::npos;

/// The quote that closes the field whose content begins at `from`; a doubled one is content.
std::size_t closing_quote_of(std::string_view line, std::size_t from) noexcept {
  for (std::size_t at = line.find('"', from); at != none; at = line.find('"', at + 2)) {
    if (!line.substr(at + 1).starts_with('"')) return at;
  }
  return none;
}

/// Steps from field to field of one record.
class field_steps {
 public:
  field_steps(std::string_view line, const table_header& by) noexcept
      : line_(line), quotes_(by.quotes && line.find('"') != none), separator_(by.separator) {
    const bool tabs = separator_ == table_header::blanks && line.find('\t') != none;
    if (tabs) separator_ = '\t';
    skip_blanks();
  }

  /// False behind the last field.
  bool next(std::string_view& text, bool& quoted, std::uint32_t& at) noexcept {
    if (!more_) return false;
    at = static_cast<std::uint32_t>(at_);
    quoted = quotes_ && line_.substr(at_).starts_with('"');
    const std::size_t close = quoted ? closing_quote_of(line_, at_ + 1) : none;
    quoted = close != none && (close + 1 == line_.size() || line_[close + 1] == separator_);
    const std::size_t end =
        quoted ? close + 1 : std::min(line_.find(separator_, at_), line_.size());
    text = quoted ? line_.substr(at_ + 1, close - at_ - 1) : line_.substr(at_, end - at_);
    more_ = end < line_.size();
    at_ = std::min(end + 1, line_.size());
    skip_blanks();
    return true;
  }

  bool at_end() const noexcept { return !more_; }
  std::string_view rest() const noexcept { return line_.substr(at_); }

 private:
  /// Blanks count as one, and those at the end as none.
  void skip_blanks() noexcept {
    if (separator_ != ' ') return;
    while (at_ < line_.size() && line_[at_] == ' ') ++at_;
    more_ = more_ && at_ < line_.size();
  }

  std::string_view line_;
  std::size_t at_ = 0;
  bool quotes_;
  bool more_ = true;
  char separator_;
};

/// Zeek's JSON keeps other control characters as the text `\xHH`, and so does this.
bool is_printable(int byte) noexcept {
  constexpr std::string_view controls = "\b\f\n\r\t";
  return (byte >= 0x20 && byte != 0x7f) || controls.contains(static_cast<char>(byte));
}

/// The byte that `\xHH` in front of `text` stands for, or -1.
int escaped_byte(std::string_view text) noexcept {
  if (text.size() < 4 || !text.starts_with("\\x")) return -1;
  const int high = hex_digit(text[2]);
  const int low = hex_digit(text[3]);
  return high < 0 || low < 0 || !is_printable(high * 16 + low) ? -1 : high * 16 + low;
}

/// Resolves `\xHH` and `\\`; other backslashes are text.
void append_unescaped(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view left = text.substr(i);
    const int byte = escaped_byte(left);
    out += byte >= 0 ? static_cast<char>(byte) : left[0];
    if (byte >= 0) i += 3;
    if (left.starts_with("\\\\")) ++i;
  }
}

}  // namespace

void table_parser::enter(const shard& of, field_list& out) {
  header_ = tables_->header_of(of);
  names_.clear();
  if (!header_) return;
  for (const column& c : header_->columns) names_.push_back(out.memory().copy(c.name));
}

/// The field's text as it is meant.
std::string_view table_parser::content_of(const field& f, field_list& out) {
  const bool doubled = f.quoted && f.text.find("\"\"") != none;
  const bool escaped = header_->escapes && f.text.find('\\') != none;
  if (!doubled && !escaped) return f.text;
  scratch_.clear();
  doubled ? append_undoubled(f.text, '"', scratch_) : append_unescaped(f.text, scratch_);
  if (first_invalid_utf8(scratch_) != scratch_.size()) return f.text;
  return out.memory().copy(scratch_);
}

/// False if `text` is not what the column holds.
bool table_parser::json_of(column_type type, std::string_view text, std::string_view& json) const {
  if (type == column_type::boolean) {
    json = text == "T" ? "true" : "false";
    return text == "T" || text == "F";
  }
  json = type == column_type::status ? status_number(text) : text;
  return type == column_type::inferred || is_json_number(json);
}

bool table_parser::is_missing(const field& f) const noexcept {
  return !f.quoted && (f.text.empty() || f.text == header_->unset);
}

verdict table_parser::add_list(std::size_t column, std::string_view text, std::uint32_t at,
                               field_list& out) {
  const column_type holds = header_->columns[column].holds;
  std::string list = "[";
  std::string value;
  const bool empty = text == header_->empty_list;
  for (std::size_t from = 0; !empty && from <= text.size();) {
    const std::size_t end = std::min(text.find(header_->list_separator, from), text.size());
    const field one{.text = text.substr(from, end - from)};
    if (from > 0) list += ',';
    std::string_view json;
    if (holds == column_type::text) {
      write_json_string(content_of(one, out), list);
    } else if (json_of(holds, one.text, json)) {
      list += json;
    } else if (how_.lenient) {
      write_json_string(one.text, list);
    } else {
      return reject("a value is not of the column's type", at + static_cast<std::uint32_t>(from));
    }
    from = end + 1;
  }
  out.add(names_[column], out.memory().copy(list + "]"), text_form::json);
  return keep;
}

verdict table_parser::add(std::size_t column, const field& f, field_list& out) {
  if (is_missing(f)) return keep;
  const auto& [name, holds, list] = header_->columns[column];
  if (list) return add_list(column, f.text, f.at, out);
  std::string_view json;
  const bool looks_like_text = f.quoted || !is_json_number_or_bool(f.text);
  if (holds == column_type::text || (holds == column_type::inferred && looks_like_text)) {
    const bool empty = !header_->empty_list.empty() && f.text == header_->empty_list;
    out.add(names_[column], empty ? std::string_view{} : content_of(f, out));
  } else if (json_of(holds, f.text, json)) {
    out.add(names_[column], json, text_form::json);
  } else if (how_.lenient) {
    out.add(names_[column], content_of(f, out));
  } else {
    return reject("a value is not of the column's type", f.at);
  }
  return keep;
}

void table_parser::add_timestamp(std::string_view date, std::string_view time,
                                 field_list& out) const {
  const std::size_t size = date.size() + time.size() + 2;
  char* const place = out.memory().allocate(size);
  char* at = std::ranges::copy(date, place).out;
  *at++ = 'T';
  at = std::ranges::copy(time, at).out;
  *at = 'Z';
  out.add("timestamp", {place, size});
}

verdict table_parser::parse(std::string_view line, field_list& out) {
  if (header_ && !header_->fault.is_keep()) return reject(header_->fault.why());
  if (names_.empty()) return reject("no header in front of the record");
  field_steps steps(line, *header_);
  std::string_view date;
  std::string_view time;
  std::string_view status;
  std::size_t count = 0;
  for (field f; count < names_.size() && steps.next(f.text, f.quoted, f.at); ++count) {
    if (const verdict v = add(count, f, out); !v.is_keep()) return v;
    if (count == header_->date && !is_missing(f)) date = f.text;
    if (count == header_->time && !is_missing(f)) time = f.text;
    if (count == header_->status && !is_missing(f)) status = f.text;
  }
  const auto end = static_cast<std::uint32_t>(line.size() - steps.rest().size());
  if (!steps.at_end() && !how_.lenient) return reject("more fields than columns", end);
  if (count < names_.size() && !how_.lenient) return reject("fewer fields than columns", end);
  if (header_->date == table_header::none) date = header_->day;
  if (!date.empty() && !time.empty()) add_timestamp(date, time, out);
  if (how_.status_level && !status.empty()) out.add("level", level_of_status(status));
  if (!steps.at_end()) out.add("rest", steps.rest());
  return keep;
}

}  // namespace weir
