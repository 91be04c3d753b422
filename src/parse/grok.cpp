#include "parse/grok.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/ascii.hpp"
#include "base/pattern_hint.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

constexpr std::int64_t pattern_memory_bytes = 64 << 20;

RE2::Options options_of_grok() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory_bytes);
  return options;
}

void add_capture(std::vector<grok_field>& to, std::span<const std::string> path, int group,
                 grok_capture::conversion conversion) {
  auto known = std::ranges::find(to, path[0], &grok_field::name);
  if (known == to.end()) {
    to.push_back({path[0], {}, conversion, {}});
    known = to.end() - 1;
  }
  if (path.size() > 1) return add_capture(known->members, path.subspan(1), group, conversion);
  known->groups.push_back(group);
}

struct grok_options {
  std::vector<std::string> pattern;
  std::string names = "ecs";
  std::vector<std::string> define;
  std::string on_invalid = "reject";
};

grok_definitions own_definitions(const grok_options& o, reporter& report) {
  grok_definitions all;
  for (const std::string& line : o.define) {
    const grok_definitions one = read_grok_definitions(line);
    if (one.empty()) {
      report.error("`" + line + "` defines no pattern", {}, "write define='NAME pattern'");
    }
    for (const auto& [name, definition] : one) all.insert_or_assign(name, definition);
  }
  return all;
}

std::shared_ptr<const grok_patterns> compile(const grok_options& o, reporter& report) {
  const grok_definitions own = own_definitions(o, report);
  const auto& standard = standard_grok(o.names == "ecs" ? grok_names::ecs : grok_names::legacy);
  auto all = std::make_shared<grok_patterns>();
  for (const std::string& pattern : o.pattern) {
    const grok_translation made = translate_grok(pattern, own, standard);
    if (!made.error.empty()) {
      report.error(made.error, {}, made.hint);
      continue;
    }
    auto compiled = std::make_unique<const grok_pattern>(made);
    if (!compiled->compiled.ok()) {
      report.error("bad pattern: " + compiled->compiled.error(), {}, pattern_hint(pattern));
    } else if (compiled->fields.empty()) {
      report.error("the pattern names no field", {}, "name what you want: %{IP:client}");
    }
    all->push_back(std::move(compiled));
  }
  return all;
}

}  // namespace

grok_pattern::grok_pattern(const grok_translation& from)
    : compiled(from.pattern, options_of_grok()) {
  if (compiled.ok()) steps = stepwise_pattern::of(from.pattern);
  if (!from.at_words.empty()) at_words.emplace(from.at_words, options_of_grok());
  if (at_words && !at_words->ok()) at_words.reset();
  int group = 0;
  for (const grok_capture& c : from.captures) {
    add_capture(fields, c.path, ++group, c.to);
    if (c.begins_at_edge || c.ends_at_edge)
      edges.push_back({static_cast<std::size_t>(group), c.begins_at_edge, c.ends_at_edge});
  }
}

/// Whether one of the groups that have edges has been cut out of a longer run of digits.
bool grok_pattern::cuts_digits(std::string_view line,
                               const std::vector<re2::StringPiece>& groups) const {
  const char* const line_end = line.data() + line.size();
  return std::ranges::any_of(edges, [&](const grok_edges& e) {
    const re2::StringPiece& text = groups[e.group];
    if (text.empty()) return false;
    const char* const end = text.data() + text.size();
    const bool cut_front =
        e.begin && text.data() != line.data() && is_digit(text[0]) && is_digit(text.data()[-1]);
    const bool cut_end = e.end && end != line_end && is_digit(end[-1]) && is_digit(*end);
    return cut_front || cut_end;
  });
}

/// What matches first without the edges and keeps to them is what matches first with them: the
/// edges only take possibilities away.
bool grok_pattern::match(std::string_view line, std::vector<re2::StringPiece>& groups) const {
  if (!match_loosely(line, groups)) return false;
  if (!at_words || !cuts_digits(line, groups)) return true;
  const re2::StringPiece text{line.data(), line.size()};
  return at_words->Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(),
                         static_cast<int>(groups.size()));
}

bool grok_pattern::match_loosely(std::string_view line,
                                 std::vector<re2::StringPiece>& groups) const {
  using outcome = stepwise_pattern::outcome;
  const int count = compiled.NumberOfCapturingGroups() + 1;
  const re2::StringPiece text{line.data(), line.size()};
  groups.assign(static_cast<std::size_t>(count), {});
  outcome at_front = outcome::unsure;
  if (steps) at_front = steps->match_at(0, line, groups);
  if (at_front == outcome::match) return true;
  if (at_front == outcome::no_match) {
    re2::StringPiece where;
    if (!compiled.Match(text, 0, text.size(), RE2::UNANCHORED, &where, 1)) return false;
    const auto at = static_cast<std::size_t>(where.data() - line.data());
    if (steps->match_at(at, line, groups) == outcome::match) return true;
  }
  return compiled.Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(), count);
}

grok_parser::grok_parser(std::shared_ptr<const grok_patterns> patterns)
    : patterns_(std::move(patterns)) {}

verdict grok_parser::parse(std::string_view line, field_list& out) {
  const auto match =
      std::ranges::find_if(*patterns_, [&](const auto& p) { return p->match(line, found_); });
  if (match == patterns_->end()) return reject("no pattern matches");
  out.keep_names(patterns_);
  for (const grok_field& f : (*match)->fields) add(f, out);
  return keep;
}

std::string_view grok_parser::text_of(const grok_field& f) const noexcept {
  for (const int group : f.groups) {
    const re2::StringPiece& piece = found_[static_cast<std::size_t>(group)];
    if (!piece.empty()) return {piece.data(), piece.size()};
  }
  return {};
}

void grok_parser::add(const grok_field& f, field_list& out) {
  const std::string_view text = text_of(f);
  if (!text.empty() && f.to == grok_capture::conversion::none) return out.add(f.name, text);
  json_.clear();
  if (!text.empty()) {
    append_value(f, text);
  } else {
    append_object(f.members);
    if (json_ == "{}") return;
  }
  out.add(f.name, out.memory().copy(json_), text_form::json);
}

/// The members that have a text; `{}` if none does.
void grok_parser::append_object(const std::vector<grok_field>& members) {
  json_ += '{';
  for (const grok_field& f : members) {
    const std::size_t before = json_.size();
    if (json_.back() != '{') json_ += ',';
    write_json_string(f.name, json_);
    json_ += ':';
    const std::size_t value_at = json_.size();
    const std::string_view text = text_of(f);
    text.empty() ? append_object(f.members) : append_value(f, text);
    if (std::string_view{json_}.substr(value_at) == "{}") json_.resize(before);
  }
  json_ += '}';
}

void grok_parser::append_value(const grok_field& f, std::string_view text) {
  const bool whole = f.to == grok_capture::conversion::integer;
  if (f.to != grok_capture::conversion::none && append_json_number(text, whole, json_)) return;
  write_json_string(text, json_);
}

component grok() {
  return declare<grok_options>(component::role::stage, "grok",
                               "Reads lines by grok patterns, `%{IP:client} %{WORD:method}`.")
      .describe(
          "The pattern language of Logstash with its standard library of patterns: `%{NAME:field}` "
          "takes what the pattern NAME matches as a field, `%{NAME:field:int}` and `:float` as a "
          "number, `(?<field>...)` what stands in the brackets. `[source][ip]` is a field inside "
          "of an object. Of several patterns the first one that matches counts. It may match "
          "anywhere in the line; a line that no pattern matches is rejected.\n\n"
          "Patterns run in linear time. The library's few look-arounds are written differently: a "
          "number, a time or an address that is a field is not cut out of a longer run of digits, "
          "but where that would happen a letter or `_` beside its digits does not count as its "
          "edge either, and what is no field, and signs and points in front of a number, are not "
          "looked at. A "
          "pattern of your own that has a look-around or a back-reference is an error.")
      .option("pattern", &grok_options::pattern, "One pattern or several.", required)
      .option("names", &grok_options::names,
              "The library's names of fields: of the Elastic Common Schema, or the older ones.",
              {.choices = {"ecs", "legacy"}})
      .option("define", &grok_options::define, "A definition of your own, `NAME pattern`.")
      .option("on_invalid", &grok_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("An access log by its standard pattern",
               "from access.log | grok '%{COMBINEDAPACHELOG}' names=legacy | where response = "
               "\"404\"")
      .example("A pattern of one's own",
               "from jobs.log | grok '^%{NOTSPACE:job} took %{INT:ms:int} ms' | top 1 by ms desc")
      .makes([](const grok_options& o, reporter& report) -> product {
        return line_parser_stage(
            [patterns = compile(o, report)] { return std::make_unique<grok_parser>(patterns); },
            o.on_invalid);
      });
}

}  // namespace weir
