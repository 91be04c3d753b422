#include "engine/yaml_parser.hpp"

#include <fmt/format.h>

#include <array>

#include "base/nearest.hpp"
#include "engine/clauses.hpp"
#include "engine/expand_references.hpp"
#include "engine/lookup.hpp"
#include "engine/scan.hpp"
#include "engine/secret_places.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_tree.hpp"

namespace weir {
namespace {

using role = component::role;
using kind = yaml_node::kind;

class yaml_reader {
 public:
  yaml_reader(pipeline_text& made, const std::vector<component>& table,
              const reference_reader& references, reporter& report)
      : made_(made),
        table_(table),
        references_(references),
        report_(report),
        next_rewritten_(made.text.size() + 1) {}

  void read(const yaml_node& root) {
    if (root.what == kind::null)
      return report_.error("the pipeline is empty", root.where(), "begin with `source: app.log`");
    if (root.what != kind::map)
      return report_.error("a pipeline file is a map", root.where(),
                           "its keys are source, steps and sink");
    for (const auto& [key, value] : root.members) read_key(key, value);
  }

 private:
  void read_key(const yaml_node& key, const yaml_node& value) {
    const auto& name = key.text.text;
    if (name == "name")
      made_.title = resolve(value).value_or(located_text{}).text;
    else if (name == "source")
      made_.source = read_endpoint(value, role::source);
    else if (name == "steps")
      made_.steps = read_steps(value);
    else if (name == "sink")
      made_.sink = read_endpoint(value, role::sink);
    else if (name == "dead_letter")
      made_.dead_letter = read_endpoint(value, role::sink);
    else
      report_unknown_key(key, top_keys);
  }

  void report_unknown_key(const yaml_node& key, std::span<const std::string> known) {
    auto hint = fmt::format("the keys are {}", fmt::join(known, ", "));
    if (const auto meant = nearest(key.text.text, known))
      hint = fmt::format("did you mean `{}`?", *meant);
    report_.error(fmt::format("unknown key `{}`", key.text.text), key.where(), std::move(hint));
  }

  // ---- Values ----

  /// The text of a scalar, references resolved. Nothing if it is none, or was reported.
  std::optional<located_text> resolve(const yaml_node& node,
                                      scalar_place place = scalar_place::value) {
    if (node.what != kind::scalar) {
      report_.error("one value is expected here", node.where(), "write it on the line of its key");
      return std::nullopt;
    }
    const bool refers = node.text.text.contains("${");
    if (node.exact && !refers) return node.text;
    located_text made{node.text.text, {next_rewritten_, 0}};
    if (refers) {
      auto value = expand_references(node, place, references_, report_);
      if (!value) return std::nullopt;
      made.text = *std::move(value);
    }
    made.where.length = made.text.size();
    next_rewritten_ += made.text.size() + 1;
    made_.rewritten.push_back({made.where.offset, made.text.size(), node.where(), node.text.text});
    return made;
  }

  /// The same without blanks around it, as block scalars have them.
  std::optional<located_text> resolve_clause(const yaml_node& node, scalar_place place) {
    const auto text = resolve(node, place);
    if (!text) return std::nullopt;
    return trimmed(*text, 0, text->text.size());
  }

  static scalar_place place_in(grammar g) noexcept {
    return g == grammar::fields || g == grammar::renames ? scalar_place::names
                                                         : scalar_place::expression;
  }

  // ---- Sources and sinks ----

  std::optional<step_text> read_endpoint(const yaml_node& node, role is) {
    if (node.what == kind::map) return read_named(node, is);
    if (node.what != kind::scalar) {
      const bool says_null = is == role::sink && node.text.text == "null";
      report_.error(fmt::format("a {} is expected here", name_of(is)), node.where(),
                    says_null ? "the sink that drops everything is \"null\", in quotes"
                              : "write a path, a URL, or `name: { option: value }`");
      return std::nullopt;
    }
    // A plain text is read as behind `from`; one with quotes or references is a single value.
    if (node.exact && !node.quoted && !node.text.text.contains("${"))
      return parse_endpoint(node.text.text, node.where().offset, is, table_, report_);
    auto value = resolve(node);
    if (!value) return std::nullopt;
    std::vector<argument> arguments;
    arguments.push_back({{}, *std::move(value), false});
    return resolve_endpoint(table_, is, std::move(arguments), node.where(), report_);
  }

  /// `name: body` as the only member of a map.
  std::optional<step_text> read_named(const yaml_node& node, role is) {
    if (node.members.empty()) {
      report_.error(fmt::format("the name of a {} is missing", name_of(is)), node.where(),
                    "write `name: { option: value }`");
      return std::nullopt;
    }
    const auto& [key, body] = node.members.front();
    if (node.members.size() > 1)
      report_.error(fmt::format("only one {} may stand here", name_of(is)),
                    node.members[1].key.where(),
                    fmt::format("indent the options of `{}` further", key.text.text));
    const component* const what = find_component(table_, is, key.text.text);
    if (what == nullptr) {
      report_unknown(table_, is, key.text, report_);
      return std::nullopt;
    }
    step_text step;
    step.name = key.text;
    step.where = body.from(key.where().offset);
    read_body(*what, body, step);
    return step;
  }

  // ---- Steps ----

  std::vector<step_text> read_steps(const yaml_node& node) {
    std::vector<step_text> steps;
    if (node.what != kind::sequence && node.what != kind::null)
      report_.error("`steps` is a list", node.where(),
                    "write each step on a line of its own behind a `-`");
    for (const yaml_node& item : node.items)
      if (auto step = read_step(item)) steps.push_back(*std::move(step));
    return steps;
  }

  std::optional<step_text> read_step(const yaml_node& item) {
    if (item.what == kind::map) return read_named(item, role::stage);
    if (item.what != kind::scalar) {
      report_.error("a step is expected here", item.where(),
                    "write `- name` or `- name: { option: value }`");
      return std::nullopt;
    }
    if (item.text.text.contains("${")) {
      report_.error("a reference cannot stand in a step as text", item.where(),
                    "write the step as `name: { option: ... }`");
      return std::nullopt;
    }
    const auto text = resolve(item);
    return parse_step(text->text, text->where.offset, table_, report_);
  }

  void read_body(const component& what, const yaml_node& body, step_text& step) {
    switch (what.body) {
      case grammar::options:
        return read_options(body, step);
      case grammar::branches:
        return read_branches(body, step);
      case grammar::ordering:
        return read_ordering(what, body, step);
      case grammar::assignments:
      case grammar::renames:
        if (body.what == kind::map) return read_pairs(what, body, step);
        break;
      case grammar::fields:
        if (body.what == kind::sequence) return read_list(what, body, step);
        break;
      case grammar::expression:
        break;
    }
    read_clause_text(what, body, step);
  }

  /// A body that is spelled as in the text form.
  void read_clause_text(const component& what, const yaml_node& body, step_text& step) {
    if (body.what == kind::null)
      return report_.error(fmt::format("`{}` needs {}", what.name, what.synopsis), step.name.where,
                           fmt::format("usage: {} {}", what.name, what.synopsis));
    if (const auto text = resolve_clause(body, place_in(what.body)))
      read_clauses(what.body, *text, step, report_);
  }

  void read_options(const yaml_node& body, step_text& step) {
    if (body.what == kind::scalar) add_argument({}, body, step);
    for (const yaml_node& item : body.items) add_argument({}, item, step);
    for (const auto& [key, value] : body.members) add_option(key, value, step);
  }

  void add_option(const yaml_node& key, const yaml_node& value, step_text& step) {
    if (value.what != kind::sequence) return add_argument(key.text, value, step);
    for (const yaml_node& one : value.items) add_argument(key.text, one, step);
  }

  void add_argument(const located_text& name, const yaml_node& value, step_text& step) {
    if (auto text = resolve(value)) step.arguments.push_back({name, *std::move(text), false});
  }

  void read_pairs(const component& what, const yaml_node& body, step_text& step) {
    for (const auto& [key, value] : body.members) {
      if (value.what == kind::null && value.text.text.empty()) {
        report_.error(fmt::format("`{}` has no value", key.text.text), key.where(),
                      "put one behind the colon, or `null`");
        continue;
      }
      clause& made = step.clauses.emplace_back();
      made.key = key.text;
      if (value.what == kind::null)
        made.text = {"null", value.where()};
      else
        made.text = resolve_clause(value, place_in(what.body))
                        .value_or(located_text{"null", value.where()});
    }
  }

  void read_list(const component& what, const yaml_node& body, step_text& step) {
    for (const yaml_node& item : body.items)
      if (const auto text = resolve_clause(item, place_in(what.body)))
        read_clauses(what.body, *text, step, report_);
  }

  void read_ordering(const component& what, const yaml_node& body, step_text& step) {
    if (body.what == kind::sequence) return read_list(what, body, step);
    if (body.what != kind::map) return read_clause_text(what, body, step);
    for (const auto& [key, value] : body.members) {
      if (key.text.text != "by")
        add_option(key, value, step);
      else if (value.what == kind::sequence)
        read_list(what, value, step);
      else
        read_clause_text(what, value, step);
    }
    if (step.clauses.empty())
      report_.error(fmt::format("`{}` needs `by`", what.name), step.name.where,
                    fmt::format("usage: {} {}", what.name, what.synopsis));
  }

  // ---- Branches ----

  void read_branches(const yaml_node& body, step_text& step) {
    if (body.what != kind::sequence || body.items.empty())
      return report_.error(fmt::format("`{}` has no branches", step.name.text), step.name.where,
                           "write a list of `{ steps: [...], sink: ... }`");
    for (const yaml_node& item : body.items) {
      if (item.what == kind::map)
        step.branches.push_back(read_branch(item, step));
      else
        report_.error("a branch is a map", item.where(), "write `{ steps: [...], sink: ... }`");
    }
  }

  branch_text read_branch(const yaml_node& item, const step_text& step) {
    branch_text branch;
    branch.where = item.from(item.where().offset);
    const bool routes = step.name.text == "route";
    for (const auto& [key, value] : item.members) {
      const auto& name = key.text.text;
      if (name == "when" && routes)
        branch.when = resolve_clause(value, scalar_place::expression)
                          .value_or(located_text{"null", key.where()});
      else if (name == "steps")
        branch.steps = read_steps(value);
      else if (name == "sink")
        branch.sink = read_endpoint(value, role::sink);
      else
        report_unknown_key(key, std::span{branch_keys}.subspan(routes ? 0 : 1));
    }
    if (routes && branch.when.text.empty()) branch.when.where = item.where();
    return branch;
  }

  inline static const std::array<std::string, 5> top_keys{"name", "source", "steps", "sink",
                                                          "dead_letter"};
  inline static const std::array<std::string, 3> branch_keys{"when", "steps", "sink"};

  pipeline_text& made_;
  const std::vector<component>& table_;
  const reference_reader& references_;
  reporter& report_;
  std::size_t next_rewritten_;
};

}  // namespace

pipeline_text parse_yaml(std::string name, std::string text, const std::vector<component>& table,
                         const reference_reader& references, reporter& report) {
  pipeline_text made;
  made.name = std::move(name);
  made.text = std::move(text);
  // The YAML parser skips a byte-order mark without counting it.
  if (made.text.starts_with("\xEF\xBB\xBF")) made.text.erase(0, 3);
  if (!check_encoding(made.text, report)) return made;
  const auto root = read_yaml(made.text, report);
  if (root) yaml_reader{made, table, references, report}.read(*root);
  made.secrets = secret_places(made, table, report.ok());
  return made;
}

}  // namespace weir
