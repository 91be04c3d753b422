#include "source/page_body.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "record/json_elements.hpp"
#include "record/json_find.hpp"
#include "record/json_grammar.hpp"
#include "record/json_members.hpp"
#include "record/json_text.hpp"

namespace weir {
namespace {

/// What the user may have meant.
std::string members_of(std::string_view object) {
  constexpr std::size_t names_max = 200;
  std::string names;
  for_each_member(object, [&](const member& m) {
    if (names.size() < names_max) names += fmt::format("{}`{}`", names.empty() ? "" : ", ", m.key);
  });
  return names.empty() ? "nothing" : names;
}

std::string no_array_at(std::string_view text, const field_path& path, std::string_view found) {
  if (!path.segments.empty())
    return fmt::format("there is no array of records at `{}` (`records`), but {}", path.spelled(),
                       found.empty() ? "nothing" : "something else");
  if (!text.starts_with('{')) return "it is no array of records";
  return "it is an object: say with `records` where its records are; it has " + members_of(text);
}

}  // namespace

page_body::page_body(std::string text)
    : text_(std::move(text)), hash_(XXH3_64bits(text_.data(), text_.size())) {}

std::expected<page_body, std::string> page_body::json(std::string text, const field_path& records) {
  page_body out(std::move(text));
  if (const json_fault wrong = check_json(out.text_); !wrong.ok())
    return std::unexpected(fmt::format("it is no JSON: {} at byte {}", wrong.why, wrong.at + 1));
  const std::string_view array = find_json(out.text_, records.segments);
  if (array == "null") return out;
  if (!array.starts_with('['))
    return std::unexpected(no_array_at(trimmed(out.text_), records, array));
  out.array_from_ = static_cast<std::size_t>(array.data() - out.text_.data());
  json_elements all(array);
  for (; !all.done(); all.next()) ++out.records_;
  return out;
}

page_body page_body::lines(std::string text) {
  page_body out(std::move(text));
  if (!out.text_.empty() && !out.text_.ends_with('\n')) out.text_ += '\n';
  out.records_ = static_cast<std::uint64_t>(std::ranges::count(out.text_, '\n'));
  out.is_lines_ = true;
  return out;
}

bool page_body::has(const field_path& path) const {
  return !find_json(text_, path.segments).empty();
}

bool page_body::is_structure_at(const field_path& path) const {
  const std::string_view found = find_json(text_, path.segments);
  if (!found.starts_with('{') && !found.starts_with('[')) return false;
  return !trimmed(found.substr(1, found.size() - 2)).empty();
}

std::string page_body::text_at(const field_path& path) const {
  const std::string_view found = find_json(text_, path.segments);
  if (found.starts_with('"')) {
    std::string out;
    unescape(found.substr(1, found.size() - 2), out);
    return out;
  }
  const bool number = found.starts_with('-') || (!found.empty() && is_digit(found[0]));
  return std::string{number ? found : std::string_view{}};
}

bool page_body::is_true_at(const field_path& path) const {
  const std::string_view found = find_json(text_, path.segments);
  return !found.empty() && found != "null" && found != "false" && found != "0" && found != "\"\"";
}

// Each element is followed by a comma or the bracket, whose place its line break takes: what is
// written never overtakes what is read.
std::string_view page_body::take_lines() {
  if (is_lines_) return text_;
  if (records_ == 0) return {};
  char* const begin = text_.data();
  char* out = begin;
  json_elements all(std::string_view{text_}.substr(array_from_));
  while (!all.done()) {
    const std::string_view element = all.next();
    std::memmove(out, element.data(), element.size());
    char* const end = out + element.size();
    std::replace_if(out, end, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    out = end;
    *out++ = '\n';
  }
  return {begin, out};
}

}  // namespace weir
