#include "parse/regex.hpp"

#include <algorithm>
#include <utility>

#include "base/pattern_hint.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

/// The place behind the character, escape or class at `at`.
std::size_t after_atom(std::string_view pattern, std::size_t at) noexcept {
  if (pattern[at] == '\\') return std::min(at + 2, pattern.size());
  if (pattern[at] != '[') return at + 1;
  for (++at; at < pattern.size() && pattern[at] != ']';) at += pattern[at] == '\\' ? 2 : 1;
  return std::min(at + 1, pattern.size());
}

/// What stands in the brackets behind `from`, up to the one that closes them.
std::string_view bracket_content(std::string_view pattern, std::size_t from) noexcept {
  int depth = 1;
  std::size_t at = from;
  while (at < pattern.size()) {
    if (pattern[at] == '(') ++depth;
    if (pattern[at] == ')' && --depth == 0) break;
    at = after_atom(pattern, at);
  }
  return pattern.substr(from, at - from);
}

/// The sub-pattern of the group called `name`.
std::string_view sub_pattern(std::string_view pattern, const std::string& name) {
  const std::string opening = "(?P<" + name + ">";
  const std::size_t at = pattern.find(opening);
  return at == pattern.npos ? std::string_view{} : bracket_content(pattern, at + opening.size());
}

/// RE2 of Debian 12 knows only `(?P<name>...)`; the rest of the world writes `(?<name>...)`.
std::string with_usual_groups(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t next = after_atom(pattern, at);
    const bool named = pattern.substr(at).starts_with("(?<") && at + 3 < pattern.size() &&
                       pattern[at + 3] != '=' && pattern[at + 3] != '!';
    out += named ? std::string_view{"(?P<"} : pattern.substr(at, next - at);
    at = named ? at + 3 : next;
  }
  return out;
}

struct regex_options {
  std::string pattern;
  bool infer = true;
  std::string on_invalid = "reject";
};

/// The name that two groups have; empty if none do.
std::string name_of_two(const std::vector<line_pattern::group>& groups) {
  for (auto g = groups.begin(); g != groups.end(); ++g) {
    const auto other = std::find_if(
        g + 1, groups.end(), [g](const line_pattern::group& o) { return o.name == g->name; });
    if (other != groups.end()) return g->name;
  }
  return {};
}

/// Takes the front word, and a blank behind it.
std::string_view take_word(std::string_view& words) noexcept {
  const std::size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

/// Empty for none.
std::string_view level_of(std::string_view text, std::string_view means) noexcept {
  if (means.empty()) return level_of_status(text);
  while (!means.empty()) {
    const std::string_view mark = take_word(means);
    const std::string_view level = take_word(means);
    if (text == mark) return level;
  }
  return {};
}

std::shared_ptr<const line_pattern> compile(const regex_options& o, reporter& report) {
  auto made = std::make_shared<line_pattern>(o.pattern);
  if (!made->compiled.ok()) {
    report.error("bad pattern: " + made->compiled.error(), {}, pattern_hint(o.pattern));
  } else if (made->groups.empty()) {
    report.error("the pattern has no named group, so the record would have no field", {},
                 "name what you want: (?<status>[0-9]+)");
  }
  if (const std::string twice = name_of_two(made->groups); !twice.empty()) {
    report.error("two groups are called `" + twice + "`, so the record would have two such fields",
                 {}, "put both ways into one group, (?<" + twice + ">...|...), or name them apart");
  }
  if (!o.infer) {
    for (line_pattern::group& g : made->groups) g.numeric = false;
  }
  return made;
}

}  // namespace

bool matches_only_numbers(std::string_view sub_pattern) noexcept {
  bool any = false;
  for (std::size_t at = 0; at < sub_pattern.size();) {
    if (sub_pattern.substr(at).starts_with("(?:")) {
      at += 3;
      continue;
    }
    const std::string_view atom = sub_pattern.substr(at, after_atom(sub_pattern, at) - at);
    const bool digits = atom == "\\d" || atom == "[0-9]";
    any = any || digits;
    if (atom == "{") {
      at = std::min(sub_pattern.find('}', at), sub_pattern.size() - 1) + 1;
      continue;
    }
    constexpr std::string_view harmless = "-?+*|()";
    if (!digits && atom != "\\." && atom != "\\-" && atom != "[.]" && atom != "[+-]" &&
        atom != "[-+]" && (atom.size() != 1 || harmless.find(atom[0]) == harmless.npos)) {
      return false;
    }
    at += atom.size();
  }
  return any;
}

line_pattern::line_pattern(const std::string& pattern, level_by_group by)
    : compiled(with_usual_groups(pattern), quiet()), level(by) {
  if (!compiled.ok()) return;
  for (const auto& [number, name] : compiled.CapturingGroupNames()) {
    groups.push_back({name, number, matches_only_numbers(sub_pattern(compiled.pattern(), name))});
  }
}

regex_parser::regex_parser(std::shared_ptr<const line_pattern> pattern)
    : pattern_(std::move(pattern)),
      found_(static_cast<std::size_t>(pattern_->compiled.NumberOfCapturingGroups()) + 1) {}

verdict regex_parser::parse(std::string_view line, field_list& out) {
  const re2::StringPiece text{line.data(), line.size()};
  const int count = static_cast<int>(found_.size());
  if (!pattern_->compiled.Match(text, 0, text.size(), RE2::UNANCHORED, found_.data(), count)) {
    return reject("the pattern does not match");
  }
  out.keep_names(pattern_);
  for (const line_pattern::group& g : pattern_->groups) {
    const re2::StringPiece& piece = found_[static_cast<std::size_t>(g.number)];
    if (piece.data() == nullptr) continue;
    const std::string_view content{piece.data(), piece.size()};
    const bool number = g.numeric && is_json_number(content);
    out.add(g.name, content, number ? text_form::json : text_form::plain);
    if (g.name != pattern_->level.group) continue;
    const std::string_view level = level_of(content, pattern_->level.means);
    if (!level.empty()) out.add("level", level);
  }
  return keep;
}

component regex() {
  return declare<regex_options>(component::role::stage, "regex",
                                "Reads lines by a pattern with named groups.")
      .describe(
          "Each named group, `(?<name>...)`, becomes a field; a group that took no part in the "
          "match is a missing field. The pattern may match anywhere in the line: `^` and `$` tie "
          "it to the ends. Its syntax is RE2's, which runs in linear time and has no look-around "
          "and no back-references; in quotes each backslash is written twice. A line without a "
          "match is rejected.\n\n"
          "A group that can match nothing but digits, a sign and a decimal point, as "
          "`(?<status>\\d+)`, gives a number where JSON can write it as it stands; all others give "
          "texts.")
      .option("pattern", &regex_options::pattern, "The pattern.", required)
      .option("infer", &regex_options::infer, "Take groups of digits as numbers.")
      .option("on_invalid", &regex_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("The slow jobs of a log of one's own",
               "from jobs.log | regex '^(?<job>[^ ]+) took (?<ms>[0-9]+) ms$' | where ms > 1000")
      .makes([](const regex_options& o, reporter& report) -> product {
        return line_parser_stage(
            [pattern = compile(o, report)] { return std::make_unique<regex_parser>(pattern); },
            o.on_invalid);
      });
}

}  // namespace weir
