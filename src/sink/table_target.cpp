#include "sink/table_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/nearest.hpp"
#include "weir/component.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Takes the text up to `mark`, and the mark, off the front of `text`; all of it if there is none.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

std::string without_percents(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void set_table(table_target& to, const std::string& name) {
  const auto dot = name.find('.');
  to.schema = dot == name.npos ? "" : name.substr(0, dot);
  to.table = dot == name.npos ? name : name.substr(dot + 1);
}

void set_create(std::optional<bool>& create, const std::string& text) {
  bool said = true;
  if (const auto wrong = convert(text, said)) {
    throw error(exit_code::usage, "`create` in the URL is not " + *wrong);
  }
  if (create.value_or(said) != said) {
    throw error(exit_code::usage, "`create` is said twice, and not the same");
  }
  create = said;
}

}  // namespace

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string quoted_names(const std::vector<column>& columns, const column_set& left_out) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::ranges::binary_search(left_out, i)) continue;
    if (!out.empty()) out += ", ";
    out += quoted_name(columns[i].name);
  }
  return out;
}

std::string create_statement(const table_target& to, const std::vector<column>& columns,
                             std::string_view (*type_of)(column_kind)) {
  std::string fields;
  for (const column& c : columns) {
    if (!fields.empty()) fields += ", ";
    fields += fmt::format("{} {}", quoted_name(c.name), type_of(c.kind));
  }
  return fmt::format("create table {} ({})", to.quoted(), fields);
}

std::string table_target::quoted() const {
  return schema.empty() ? quoted_name(table) : quoted_name(schema) + '.' + quoted_name(table);
}

table_target target_of(std::string_view url, const std::string& table, std::optional<bool> create) {
  table_target out;
  std::string name = table;
  std::string hint = "append ?table=NAME to the URL";
  out.database = take_until(url, '?');
  char mark = '?';
  while (!url.empty()) {
    const std::string_view parameter = take_until(url, '&');
    std::string_view value = parameter;
    const std::string_view key = take_until(value, '=');
    if (key == "table") {
      const std::string said = without_percents(value);
      if (!table.empty() && table != said) {
        throw error(exit_code::usage, "two tables are named: " + table + " and " + said);
      }
      name = said;
    } else if (key == "create") {
      set_create(create, without_percents(value));
    } else {
      if (nearest(key, std::array{std::string{"table"}})) hint = "did you mean `table`?";
      out.database += mark;
      out.database += parameter;
      mark = '&';
    }
  }
  set_table(out, name);
  if (out.table.empty()) throw error(exit_code::usage, "no table is named", hint);
  out.create = create.value_or(true);
  return out;
}

}  // namespace weir
