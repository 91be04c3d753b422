#include "parse/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "parse/json_number.hpp"
#include "parse/lines.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

/// A checkpoint holds 64 KiB of a parser: the header, its number and a blank.
constexpr std::size_t most_header_bytes = (64 << 10) - 21;

/// What a checkpoint holds of a shard of which only comments and blank lines have been read.
constexpr std::string_view header_to_come = "0";

bool is_json_scalar(std::string_view text) noexcept {
  return text == "null" || is_json_number_or_bool(text);
}

std::string made_up_name(std::size_t index) {
  return fmt::format("column{}", index + 1);
}

std::string unique_name(std::string name, const std::vector<std::string>& taken) {
  const auto is_taken = [&taken](const std::string& n) {
    return std::ranges::find(taken, n) != taken.end();
  };
  std::string unique = name;
  for (int n = 2; is_taken(unique); ++n) unique = fmt::format("{}_{}", name, n);
  return unique;
}

}  // namespace

csv_header read_csv_header(std::string_view text, const csv_format& how) {
  csv_header header;
  csv_fields fields(text, how);
  for (csv_field f; fields.next(f);) {
    std::string name;
    append_undoubled(f.text, f.doubled ? how.quote : csv_format::no_quote, name);
    if (name.empty()) name = made_up_name(header.names.size());
    if (name.size() > field_list::longest_name) header.fault = reject("header too long", f.at);
    header.names.push_back(unique_name(std::move(name), header.names));
  }
  header.fixed = !how.lenient;
  if (!fields.fault().is_keep()) header.fault = reject("the header is malformed");
  // One that did not fit a checkpoint comes back from it as an empty text.
  if (text.empty() || text.size() > most_header_bytes) header.fault = reject("header too long");
  return header;
}

void csv_headers::set(std::shared_ptr<const shard> of, csv_header header) {
  forget(*of);
  all_.push_back({std::move(of), std::make_shared<csv_header>(std::move(header))});
}

void csv_headers::forget(const shard& of) {
  std::erase_if(all_, [&of](const entry& e) { return e.source.get() == &of; });
}

std::shared_ptr<const csv_header> csv_headers::of(const shard& which) const {
  const auto known =
      std::ranges::find_if(all_, [&which](const entry& e) { return e.source.get() == &which; });
  return known == all_.end() ? given_ : known->header;
}

void csv_parser::enter(const shard& of, field_list& out) {
  header_ = headers_->of(of);
  out.keep_names(header_);
}

std::string_view csv_parser::name_of(std::size_t index, field_list& out) {
  if (index < header_->names.size()) return header_->names[index];
  return out.memory().copy(made_up_name(index));
}

verdict csv_parser::add(const csv_field& f, std::size_t index, field_list& out) {
  if (index >= header_->names.size() && header_->fixed)
    return reject("more fields than columns", f.at);
  std::string_view text = f.text;
  if (f.doubled) {
    scratch_.clear();
    append_undoubled(f.text, how_.format.quote, scratch_);
    text = out.memory().copy(scratch_);
  }
  const std::string_view name = name_of(index, out);
  if (!how_.infer || f.quoted) {
    out.add(name, text);
  } else if (text.empty()) {
    out.add(name, "null", text_form::json);
  } else {
    out.add(name, text, is_json_scalar(text) ? text_form::json : text_form::plain);
  }
  return keep;
}

verdict csv_parser::parse(std::string_view line, field_list& out) {
  if (!header_->fault.is_keep()) return reject(header_->fault.why());
  csv_fields fields(line, how_.format);
  std::size_t count = 0;
  for (csv_field f; fields.next(f); ++count) {
    if (const verdict v = add(f, count, out); !v.is_keep()) return v;
  }
  if (!fields.fault().is_keep()) return fields.fault();
  if (header_->fixed && count < header_->names.size())
    return reject("fewer fields than columns", static_cast<std::uint32_t>(line.size()));
  return keep;
}

csv_lines::csv_lines(csv_format how, bool has_header, bool names_given, const run& first,
                     std::string_view kept, std::shared_ptr<csv_headers> headers)
    : how_(std::move(how)),
      wants_header_(has_header),
      names_given_(names_given),
      source_(first.source),
      headers_(std::move(headers)),
      quotes_(how_) {
  if (!wants_header_) return;
  std::uint64_t number = 0;
  const char* const end = kept.data() + kept.size();
  const auto [behind, error] = std::from_chars(kept.data(), end, number);
  const bool is_known = error == std::errc{} && behind != end && *behind == ' ';
  if (is_known && number <= first.from.number) {
    take_header(number, {behind + 1, end});
  } else if (kept.empty() && first.from != position{}) {
    go_without_header();
  } else {
    state_ = std::make_shared<const std::string>(header_to_come);
  }
}

/// It has been passed by, and nobody knows it.
void csv_lines::go_without_header() {
  wants_header_ = false;
  if (names_given_) return;
  csv_header none;
  none.fault = reject("no header in front: name the `columns`");
  headers_->set(source_, std::move(none));
}

void csv_lines::take_header(std::uint64_t number, std::string_view text) {
  wants_header_ = false;
  csv_header header = read_csv_header(text, how_);
  const bool fits = text.size() <= most_header_bytes;
  state_ = std::make_shared<const std::string>(
      fmt::format("{} {}", number, fits ? text : std::string_view{}));
  if (!names_given_) headers_->set(source_, std::move(header));
}

bool csv_lines::is_comment(std::string_view line) const noexcept {
  return !how_.comment.empty() && line.starts_with(how_.comment);
}

// A line that was taken out of a quoted field spoils the record.
line_rule::place csv_lines::next(const record& line) {
  const bool gap = line.number() != std::exchange(latest_, line.number()) + 1;
  if (gap) quotes_.reset();
  const bool joins = quotes_.open();
  if (joins || !is_comment(line.text())) quotes_.take(line.text());
  return {.joins = joins, .open = quotes_.open()};
}

/// Of Excel's `sep=;` in front of a file.
fate csv_lines::take_told_separator(char told) {
  if (told != how_.delimiter) {
    wants_header_ = false;
    csv_header other;
    other.fault = reject("`sep=` in front names another `delimiter`");
    headers_->set(source_, std::move(other));
  }
  return blank;
}

fate csv_lines::whole(const record& r) {
  if (is_blank_line(r.text()) || is_comment(r.text())) return blank;
  if (r.number() == 1) {
    if (const char told = told_separator(r.text())) return take_told_separator(told);
  }
  if (!wants_header_) return live;
  take_header(r.number(), r.text());
  return blank;
}

}  // namespace weir
