#include "engine/fields_named.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/ascii.hpp"
#include "expr/program.hpp"
#include "sink/name_template.hpp"

namespace weir {
namespace {

bool begins_name(char c) noexcept {
  return is_letter(c) || c == '_';
}

bool is_in_name(char c) noexcept {
  return begins_name(c) || is_digit(c) || c == '-' || c == '.';
}

/// What is wrong with it has been said.
std::vector<field_path> fields_in(const located_text& expression) {
  reporter ignored;
  const auto compiled = expr::compile(expression, ignored);
  return compiled ? compiled->fields() : std::vector<field_path>{};
}

/// What stands to the left is set already.
std::vector<named_field> fields_of_assignments(const std::vector<clause>& all) {
  std::vector<named_field> named;
  std::set<std::string> set;
  for (const clause& c : all) {
    if (may_be_text(c.text.text)) {
      for (const field_path& path : fields_in(c.text)) {
        if (!set.contains(path.segments.front().name)) named.push_back({path, c.text.text});
      }
    }
    set.insert(c.key.text);
  }
  return named;
}

bool has_name_template(std::string_view sink) noexcept {
  constexpr std::array<std::string_view, 4> such{"file", "s3", "gcs", "azure"};
  return std::ranges::find(such, sink) != such.end();
}

bool is_name(const argument& a) noexcept {
  return a.name.text.empty() || a.name.text == "path" || a.name.text == "url";
}

}  // namespace

bool may_be_text(std::string_view expression) noexcept {
  return !expression.empty() && begins_name(expression.front()) &&
         std::ranges::all_of(expression, is_in_name);
}

std::vector<named_field> fields_named_by_stage(const step_text& step) {
  const std::string& name = step.name.text;
  if (name == "set") return fields_of_assignments(step.clauses);
  std::vector<named_field> named;
  for (const clause& c : step.clauses) {
    if (name == "keep") named.push_back({parse_path(c.key.text)});
    if (name != "sort" && name != "top") continue;
    for (field_path& path : fields_in(c.text)) named.push_back({std::move(path)});
  }
  return named;
}

std::vector<named_field> fields_named_by_sink(const step_text& step) {
  std::vector<named_field> named;
  for (const argument& a : step.arguments) {
    if (a.name.text == "columns") named.push_back({parse_path(a.value.text)});
    if (!has_name_template(step.name.text) || !is_name(a)) continue;
    const auto parsed = name_template::parse(a.value.text);
    if (!parsed) continue;
    for (field_path& path : parsed->fields()) named.push_back({std::move(path)});
  }
  return named;
}

}  // namespace weir
