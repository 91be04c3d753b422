#include "engine/describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/lookup.hpp"
#include "engine/shell_quote.hpp"
#include "engine/usage.hpp"

namespace weir {
namespace {

/// "duration, default 1s", "one of fast, safe", "integer, required".
std::string type_of(const option_spec& o) {
  std::string text = o.type;
  if (!o.choices.empty()) text = fmt::format("one of {}", fmt::join(o.choices, ", "));
  if (o.many) text += ", any number";
  if (o.required) text += ", required";
  if (!o.default_text.empty()) text += fmt::format(", default {}", o.default_text);
  return text;
}

void add_options(const component& c, std::string& page) {
  if (c.options.empty()) return;
  std::size_t width = 0;
  for (const option_spec& o : c.options) width = std::max(width, o.name.size());
  page += "\nOptions:\n";
  for (const option_spec& o : c.options)
    page += fmt::format("  {:<{}}  {} ({})\n", o.name, width, o.description, type_of(o));
}

void add_examples(const component& c, std::string& page) {
  if (c.examples.empty()) return;
  page += c.examples.size() == 1 ? "\nExample:\n" : "\nExamples:\n";
  for (const example& e : c.examples)
    page += fmt::format("  {}:\n    weir {}\n", e.title, shell_quoted(e.pipeline));
}

std::string_view placement(component::role r) {
  if (r == component::role::source) return "from ";
  return r == component::role::sink ? "to " : "";
}

void add_role(const std::vector<component>& table, component::role r, std::string_view title,
              std::string& page) {
  std::size_t width = 0;
  for (const component& c : table) width = std::max(width, c.name.size());
  page += fmt::format("{}:\n", title);
  for (const component& c : table)
    if (c.is == r) page += fmt::format("  {:<{}}  {}\n", c.name, width, c.summary);
}

}  // namespace

std::string usage(const component& c) {
  return fmt::format("{}{}", placement(c.is), usage(c.name, c.options, c.synopsis));
}

std::string describe(const component& c) {
  std::string page =
      fmt::format("{} ({})\n  {}\n\nUsage:\n  {}\n", c.name, name_of(c.is), c.summary, usage(c));
  if (!c.description.empty()) page += fmt::format("\n{}\n", c.description);
  add_options(c, page);
  add_examples(c, page);
  return page;
}

std::string list(const std::vector<component>& table) {
  std::string page;
  add_role(table, component::role::source, "Sources", page);
  page += '\n';
  add_role(table, component::role::stage, "Stages", page);
  page += '\n';
  add_role(table, component::role::sink, "Sinks", page);
  return page;
}

}  // namespace weir
