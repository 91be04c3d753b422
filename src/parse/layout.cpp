#include "parse/layout.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "parse/has_word.hpp"
#include "parse/json_number.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

using content = layout::content;

constexpr std::size_t clf_time_size = 26;

bool is_name(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_';
}

content content_of(std::string_view name, const layout_names& known) {
  if (name == "request") return content::request;
  if (name == "time_local") return content::clf_time;
  if (name == known.status) return content::status;
  if (has_word(known.numbers, name)) return content::number;
  if (has_word(known.times, name)) return content::time;
  return name.starts_with("upstream_") ? content::maybe_number : content::text;
}

/// Takes `$name` or `${name}` off the front; empty if there is none.
std::string_view take_variable(std::string_view& text) noexcept {
  const bool braces = text.size() > 1 && text[1] == '{';
  const std::size_t from = braces ? 2 : 1;
  std::size_t end = from;
  while (end < text.size() && is_name(text[end])) ++end;
  const std::string_view name = text.substr(from, end - from);
  if (braces && (end == text.size() || text[end++] != '}')) return {};
  text.remove_prefix(std::min(end, text.size()));
  return name;
}

bool is_number(content holds) noexcept {
  return holds == content::number || holds == content::status || holds == content::maybe_number;
}

/// Whether the place in a list of values, `0.01, 0.02 : 0.03`, is between two of them.
bool is_between_values(std::string_view line, std::size_t blank) noexcept {
  return line[blank - 1] == ',' || line.substr(blank).starts_with(" : ") ||
         line.substr(0, blank).ends_with(" :");
}

bool is_escaped(std::string_view line, std::size_t from, std::size_t at) noexcept {
  std::size_t slashes = 0;
  while (at - slashes > from && line[at - slashes - 1] == '\\') ++slashes;
  return slashes % 2 == 1;
}

/// Where the field that begins at `from` ends; npos if what stands behind it does not come.
std::size_t end_of(const layout::field& f, std::string_view line, std::size_t from) noexcept {
  if (f.behind.empty()) return f.word ? std::min(line.find(' ', from), line.size()) : line.size();
  if (f.last_quoted) {
    const std::size_t last = line.rfind(f.behind);
    return last == line.npos || last < from ? line.npos : last;
  }
  std::size_t at = from;
  if (f.holds == content::clf_time) at = std::min(from + clf_time_size, line.size());
  for (; (at = line.find(f.behind, at)) != line.npos; ++at) {
    if (f.quoted && is_escaped(line, from, at)) continue;
    const bool list = f.holds == content::maybe_number && f.behind[0] == ' ' && at > from;
    if (!list || !is_between_values(line, at)) return at;
  }
  return line.npos;
}

/// Where a field ends that is the last one of the line, though more could follow.
std::size_t end_of_last(const layout::field& f, std::string_view line, std::size_t from) noexcept {
  if (!f.quoted) return f.word ? std::min(line.find(' ', from), line.size()) : line.size();
  return line.ends_with('"') && line.size() > from ? line.size() - 1 : line.npos;
}

/// Where only words stand behind the last field in quotes, they tell where it ends.
void mark_last_quoted(std::vector<layout::field>& fields) noexcept {
  for (auto f = fields.rbegin(); f != fields.rend(); ++f) {
    if (f->quoted && !f->behind.empty()) f->last_quoted = f != fields.rbegin();
    if (!f->word) return;
  }
}

}  // namespace

std::expected<layout, std::string> read_layout(std::string_view text, const layout_names& known) {
  layout made;
  std::string* literal = &made.front;
  while (!text.empty()) {
    const std::size_t literal_size = std::min(text.find('$'), text.size());
    *literal = text.substr(0, literal_size);
    text.remove_prefix(literal_size);
    if (text.empty()) break;
    if (!made.fields.empty() && literal->empty()) {
      return std::unexpected("nothing stands between `$" + made.fields.back().name +
                             "` and the next field");
    }
    const bool quoted = literal->ends_with('"');
    const bool word = known.words && !quoted && !literal->ends_with('[');
    const std::string_view name = take_variable(text);
    if (name.empty()) return std::unexpected("`$` without the name of a field");
    if (name == known.optional_from) made.least = made.fields.size();
    layout::field& f = made.fields.emplace_back();
    f = {.name = std::string{name},
         .holds = content_of(name, known),
         .quoted = quoted,
         .word = word,
         .behind = {}};
    literal = &f.behind;
  }
  if (made.fields.empty()) return std::unexpected("the format names no field");
  mark_last_quoted(made.fields);
  return made;
}

layout_parser::layout_parser(std::shared_ptr<const layout> of, layout_settings how)
    : layout_(std::move(of)), how_(how) {}

bool layout_parser::is_time(std::string_view text) {
  if (text == known_time_) return true;
  if (!parse_time(text)) return false;
  known_time_ = text;
  return true;
}

verdict layout_parser::add(const layout::field& f, std::string_view text, std::uint32_t at,
                           field_list& out) {
  if (text.empty() || text == "-") return keep;
  if (f.holds == content::request) {
    add_request(out, text);
    return keep;
  }
  const bool time = f.holds == content::time || f.holds == content::clf_time;
  if (time && !how_.lenient && !is_time(text)) return reject("malformed time", at);
  if (is_number(f.holds)) return add_number(f, text, at, out);
  out.add(f.name, text);
  return keep;
}

verdict layout_parser::add_number(const layout::field& f, std::string_view text, std::uint32_t at,
                                  field_list& out) {
  const bool status = f.holds == content::status;
  const std::string_view number = status ? status_number(text) : text;
  if (is_json_number(number)) {
    out.add(f.name, number, text_form::json);
    if (status) status_ = number;
    return keep;
  }
  if (f.holds != content::maybe_number && !how_.lenient) return reject("expected a number", at);
  out.add(f.name, text);
  return keep;
}

verdict layout_parser::parse(std::string_view line, field_list& out) {
  if (!line.starts_with(layout_->front)) return reject("the line does not begin as the format");
  out.keep_names(layout_);
  status_ = {};
  std::size_t at = layout_->front.size();
  for (std::size_t i = 0; i < layout_->fields.size(); ++i) {
    const layout::field& f = layout_->fields[i];
    std::size_t end = end_of(f, line, at);
    const bool last = end == line.npos && i + 1 >= layout_->least;
    if (last) end = end_of_last(f, line, at);
    const auto place = static_cast<std::uint32_t>(at);
    if (end == line.npos || end < at) return reject("the line does not go on as the format", place);
    if (f.word && end == at) return reject("expected a value", place);
    if (const verdict v = add(f, line.substr(at, end - at), place, out); !v.is_keep()) return v;
    at = end + (last ? f.quoted : f.behind.size());
    if (last) break;
  }
  if (how_.status_level && !status_.empty()) out.add("level", level_of_status(status_));
  if (at == line.size()) return keep;
  if (!how_.lenient) return reject("text behind the last field", static_cast<std::uint32_t>(at));
  out.add("rest", line.substr(at + (line[at] == ' ' ? 1 : 0)));
  return keep;
}

}  // namespace weir
