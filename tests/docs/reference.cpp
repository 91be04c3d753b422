// Prints what the pages of docs/ take from declarations, for tests/docs/docs_test.py:
//   reference components   the page docs/components.md
//   reference functions    the tables of functions in docs/language.md
//   reference examples     every component's examples as JSON, one a line
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "engine/describe.hpp"
#include "engine/shell_quote.hpp"
#include "expr/functions.hpp"
#include "weir/component.hpp"

namespace weir {
namespace {

/// A bar would end the cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

/// Some declarations break their lines themselves; a page flows.
std::string paragraph(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool single = text[i] == '\n' && i + 1 < text.size() && text[i + 1] != '\n' &&
                        (i == 0 || text[i - 1] != '\n');
    out += single ? ' ' : text[i];
  }
  return out;
}

std::string type_of(const option_spec& o) {
  std::string out = o.type;
  for (std::size_t i = 0; i < o.choices.size(); ++i) {
    out = fmt::format("{}`{}`", i == 0 ? "" : out + ", ", o.choices[i]);
  }
  if (o.many) out += ", any number";
  if (o.required) out += ", required";
  return out;
}

void add_options(const component& c, std::string& page) {
  if (c.options.empty()) return;
  page += "\n| option | type | default | |\n|---|---|---|---|\n";
  for (const option_spec& o : c.options) {
    const std::string preset = o.default_text.empty() ? "" : "`" + o.default_text + "`";
    page += fmt::format("| `{}` | {} | {} | {} |\n", o.name, cell(type_of(o)), preset,
                        cell(o.description));
  }
}

void add_component(const component& c, std::string& page) {
  page += fmt::format("\n### {}\n\n{}\n\n    {}\n", c.name, c.summary, usage(c));
  if (!c.description.empty()) page += fmt::format("\n{}\n", paragraph(c.description));
  add_options(c, page);
  for (const example& e : c.examples) {
    page += fmt::format("\n{}:\n\n    weir {}\n", e.title, shell_quoted(e.pipeline));
  }
}

void add_role(component::role r, std::string_view title, std::string& page) {
  page += fmt::format("\n## {}\n", title);
  for (const component& c : components()) {
    if (c.is == r) add_component(c, page);
  }
}

std::string component_page() {
  std::string page =
      "# Components\n\n"
      "Made from the declarations in `src/`, as `weir describe NAME` shows them. Every example "
      "runs as it\nstands in a directory with the files of `tests/docs/data`, and the tests run "
      "it.\n";
  add_role(component::role::source, "Sources", page);
  add_role(component::role::stage, "Stages", page);
  add_role(component::role::sink, "Sinks", page);
  return page;
}

std::string function_tables() {
  std::string page;
  std::string_view group;
  for (const expr::function& f : expr::functions()) {
    if (f.group != group) {
      group = f.group;
      page +=
          fmt::format("\n### Functions: {}\n\n| | | example | gives |\n|---|---|---|---|\n", group);
    }
    page += fmt::format("| `{}` | {} | `{}` | `{}` |\n", cell(f.signature), cell(f.summary),
                        cell(f.example), cell(f.example_result));
  }
  return page;
}

std::string examples() {
  std::string lines;
  for (const component& c : components()) {
    for (const example& e : c.examples) {
      lines += "{\"component\":";
      write_json_string(c.name, lines);
      lines += ",\"pipeline\":";
      write_json_string(e.pipeline, lines);
      lines += "}\n";
    }
  }
  return lines;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  const std::string_view wanted = argc == 2 ? argv[1] : "";
  if (wanted == "components") {
    fmt::print("{}", weir::component_page());
  } else if (wanted == "functions") {
    fmt::print("{}", weir::function_tables());
  } else if (wanted == "examples") {
    fmt::print("{}", weir::examples());
  } else {
    fmt::print(stderr, "components, functions or examples?\n");
    return 2;
  }
  return 0;
}
