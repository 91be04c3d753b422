#include "engine/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/nearest.hpp"

namespace weir {
namespace {

using role = component::role;

std::string_view keyword_of(role r) {
  return r == role::source ? "from" : "to";
}

constexpr std::string_view instead_of_aggregation =
    "weir does not count by fields: write the records `to sqlite:FILE?table=NAME` and ask by SQL";

bool aggregates(std::string_view name) {
  constexpr std::array<std::string_view, 9> such{"stats",     "group",     "groupby",
                                                 "group_by",  "aggregate", "summarize",
                                                 "timechart", "uniq",      "distinct"};
  return std::ranges::find(such, name) != such.end();
}

/// What other tools call it, and what it is here.
std::string hint_from_other_tools(std::string_view name) {
  if (aggregates(name)) return std::string{instead_of_aggregation};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> others{
      {{"filter", "where"},
       {"grep", "search"},
       {"select", "keep"},
       {"fields", "keep"},
       {"project", "keep"},
       {"remove", "drop"},
       {"delete", "drop"},
       {"exclude", "drop"},
       {"limit", "head"},
       {"take", "head"},
       {"eval", "set"},
       {"extend", "set"},
       {"order", "sort"},
       {"orderby", "sort"},
       {"parse", "auto"},
       {"kv", "logfmt"}}};
  const auto found = std::ranges::find(others, name, [](auto& o) { return o.first; });
  return found == others.end() ? std::string{} : fmt::format("here it is `{}`", found->second);
}

/// How another role is written: what somebody who put `file` between two pipes should have done.
std::string placement(const component& c, role wanted) {
  if (c.name == "csv" && wanted == role::sink)
    return "a table is written by `to FILE.csv`, or `to stdout format=csv`";
  if (c.name == "count" && wanted == role::stage)
    return fmt::format("`to count` counts all records; {}", instead_of_aggregation);
  if (c.is == role::stage) return fmt::format("a stage goes between two `|`: `| {} ...`", c.name);
  return fmt::format("write `{} {} ...`", keyword_of(c.is), c.name);
}

std::vector<std::string> names_of(const std::vector<component>& table, role is) {
  std::vector<std::string> names;
  for (const component& c : table)
    if (c.is == is) names.push_back(c.name);
  return names;
}

/// "s3" of "s3://bucket/key"; empty if `text` is no URL. A database in a file has no host:
/// "sqlite:app.db".
std::string_view scheme_of(std::string_view text) {
  if (text.starts_with("sqlite:")) return text.substr(0, 6);
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) return {};
  const auto scheme = text.substr(0, end);
  const bool good = std::ranges::all_of(scheme, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return good && scheme[0] >= 'a' ? scheme : std::string_view{};
}

/// Schemes whose component has another name.
std::string_view component_of_scheme(std::string_view scheme) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> others{
      {{"https", "http"}, {"postgresql", "postgres"}, {"gs", "gcs"}, {"az", "azure"}}};
  for (const auto& [written, name] : others)
    if (scheme == written) return name;
  return scheme;
}

step_text step_named(std::string_view name, text_span at, std::vector<argument> arguments,
                     text_span where) {
  step_text step;
  step.name = {std::string{name}, at};
  step.arguments = std::move(arguments);
  step.where = where;
  return step;
}

bool is_word(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= 'A' && c <= 'Z'); });
}

/// "s3" of `s3:logs`, "sqllite" of `sqllite:app.db`: hardly the beginning of a file's name.
std::string_view broken_scheme(std::string_view text) {
  constexpr std::array schemes{"file", "s3", "gs", "az", "http", "https", "postgres", "postgresql"};
  const std::string_view word = text.substr(0, text.find(':'));
  if (word.size() == text.size()) return {};
  if (std::ranges::find(schemes, word) != schemes.end()) return word;
  return nearest(word, std::array{std::string{"sqlite"}}) ? word : std::string_view{};
}

void report_broken_scheme(const located_text& address, std::string_view scheme, reporter& report) {
  const auto misspelt = nearest(scheme, std::array{std::string{"sqlite"}});
  report.error(
      fmt::format("`{}:` begins no URL", scheme), {address.where.offset, scheme.size() + 1},
      fmt::format("write `{}...`; or `./{}` for a file of that name",
                  misspelt ? *misspelt + ":" : fmt::format("{}://", scheme), address.text));
}

/// `from genrate 1000` is a misspelt source, not a file with a stray argument.
bool is_misspelt(const std::vector<component>& table, role is, const std::vector<argument>& args) {
  return args.size() > 1 && args[1].name.text.empty() && !args[0].quoted &&
         is_word(args[0].value.text) && nearest(args[0].value.text, names_of(table, is));
}

}  // namespace

std::string_view name_of(role r) noexcept {
  if (r == role::source) return "source";
  return r == role::stage ? "stage" : "sink";
}

const component* find_component(const std::vector<component>& table, role is,
                                std::string_view name) noexcept {
  for (const component& c : table)
    if (c.is == is && c.name == name) return &c;
  return nullptr;
}

void report_unknown(const std::vector<component>& table, role is, const located_text& name,
                    reporter& report) {
  for (const component& c : table) {
    if (c.name != name.text) continue;
    return report.error(
        fmt::format("`{}` is a {}, not a {}", name.text, name_of(c.is), name_of(is)), name.where,
        placement(c, is));
  }
  std::string hint = is == role::stage ? hint_from_other_tools(name.text) : std::string{};
  if (hint.empty()) hint = fmt::format("`weir list` shows every {}", name_of(is));
  if (const auto meant = nearest(name.text, names_of(table, is)))
    hint = fmt::format("did you mean `{}`?", *meant);
  report.error(fmt::format("unknown {} `{}`", name_of(is), name.text), name.where, std::move(hint));
}

step_text standard_endpoint(const std::vector<component>& table, role is, text_span where) {
  const auto name = is == role::source ? "stdin" : "stdout";
  if (find_component(table, is, name)) return step_named(name, where, {}, where);
  return step_named("file", where, {argument{{}, {"-", where}, false}}, where);
}

std::optional<step_text> resolve_endpoint(const std::vector<component>& table, role is,
                                          std::vector<argument> arguments, text_span where,
                                          reporter& report) {
  const auto drop_first = [&] {
    arguments.erase(arguments.begin());
    return std::move(arguments);
  };
  if (arguments.empty()) {
    report.error(fmt::format("`{}` names no {}", keyword_of(is), name_of(is)), where,
                 fmt::format("give it a path, a URL, `-`, or the name of a {}", name_of(is)));
    return std::nullopt;
  }
  if (const located_text key = arguments[0].name; !key.text.empty())
    return step_named("file", key.where, std::move(arguments), where);

  const located_text first = arguments[0].value;
  const bool bare = !arguments[0].quoted;
  if (const auto scheme = scheme_of(first.text); !scheme.empty()) {
    const text_span at{first.where.offset, scheme.size()};
    const auto name = component_of_scheme(scheme);
    if (name == "file") arguments[0].value.text.erase(0, scheme.size() + 3);
    if (find_component(table, is, name)) return step_named(name, at, std::move(arguments), where);
    report_unknown(table, is, {std::string{scheme}, at}, report);
    return std::nullopt;
  }
  if (const auto scheme = broken_scheme(first.text); !scheme.empty()) {
    report_broken_scheme(first, scheme, report);
    return std::nullopt;
  }
  if (bare && first.text == "-") {
    auto step = standard_endpoint(table, is, first.where);
    const auto rest = drop_first();
    step.arguments.insert(step.arguments.end(), rest.begin(), rest.end());
    step.where = where;
    return step;
  }
  if (bare && find_component(table, is, first.text))
    return step_named(first.text, first.where, drop_first(), where);
  const bool other_role =
      bare && std::ranges::find(table, first.text, &component::name) != table.end();
  if (other_role || is_misspelt(table, is, arguments)) {
    report_unknown(table, is, first, report);
    return std::nullopt;
  }
  return step_named("file", first.where, std::move(arguments), where);
}

}  // namespace weir
