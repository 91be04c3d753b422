#include "stage/multiline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/pattern_hint.hpp"
#include "record/line_groups.hpp"
#include "stage/multiline_presets.hpp"

namespace weir {
namespace {

struct multiline_options {
  std::vector<std::string> presets;
  std::string start;
  std::string continued;
  std::string end;
  std::string unfinished;
  std::uint64_t max_lines = 1000;
  byte_size max_bytes{1 << 20};
  std::string on_limit = "split";
  std::chrono::nanoseconds timeout = std::chrono::seconds{1};
};

/// Patterns for lines, those that were given.
struct line_patterns {
  std::unique_ptr<const RE2> start;
  std::unique_ptr<const RE2> continued;
  std::unique_ptr<const RE2> end;
  std::unique_ptr<const RE2> unfinished;
};

bool finds(const std::unique_ptr<const RE2>& pattern, std::string_view line) {
  return pattern && RE2::PartialMatch({line.data(), line.size()}, *pattern);
}

/// Joins lines by the patterns that the user gave.
class pattern_lines final : public line_rule {
 public:
  explicit pattern_lines(std::shared_ptr<const line_patterns> by) : by_(std::move(by)) {}

  place next(const record& line) override {
    const std::string_view text = line.text();
    place p{.joins = open_ && goes_on(text), .open = false};
    p.open = open_ = stays_open(text, p.joins);
    return p;
  }
  void reset() override { open_ = false; }

 private:
  bool goes_on(std::string_view text) const {
    if (by_->unfinished && !by_->continued && !by_->start) return true;
    if (by_->continued) return finds(by_->continued, text);
    return !finds(by_->start, text);
  }
  bool stays_open(std::string_view text, bool joins) const {
    if (finds(by_->end, text)) return false;
    if (by_->unfinished) return finds(by_->unfinished, text);
    // With a start and more, what no start came before stands alone.
    const bool begun_by_start = by_->start && (by_->continued || by_->end);
    return joins || !begun_by_start || finds(by_->start, text);
  }

  std::shared_ptr<const line_patterns> by_;
  bool open_ = false;
};

std::unique_ptr<const RE2> compile(std::string_view option, const std::string& pattern,
                                   reporter& report) {
  if (pattern.empty()) return nullptr;
  RE2::Options quiet;
  quiet.set_log_errors(false);
  auto made = std::make_unique<const RE2>(pattern, quiet);
  if (!made->ok())
    report.error(fmt::format("bad pattern in `{}`: {}", option, made->error()), {},
                 pattern_hint(pattern));
  return made;
}

std::shared_ptr<const line_patterns> compile(const multiline_options& o, reporter& report) {
  auto by = std::make_shared<line_patterns>();
  by->start = compile("start", o.start, report);
  by->continued = compile("continue", o.continued, report);
  by->end = compile("end", o.end, report);
  by->unfinished = compile("unfinished", o.unfinished, report);
  return by;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names = trace_languages();
  names.insert(names.end(), {"all", "indent"});
  return names;
}

bool names_preset(const multiline_options& o, std::string_view name) {
  return std::ranges::find(o.presets, name) != o.presets.end();
}

void check(const multiline_options& o, reporter& report) {
  const bool patterns =
      !o.start.empty() || !o.continued.empty() || !o.end.empty() || !o.unfinished.empty();
  if (!patterns && o.presets.empty())
    report.error(
        "`multiline` needs to know which lines belong together", {},
        R"(name the language of the stack traces (`multiline java`), or use start="PATTERN")");
  if (patterns && !o.presets.empty())
    report.error("presets and patterns exclude each other", {}, "take one of them away");
  if (names_preset(o, "indent") && o.presets.size() > 1)
    report.error("`indent` stands alone", {}, "take the other presets away");
  for (const std::string& name : o.presets) {
    const auto known = preset_names();
    if (std::ranges::find(known, name) != known.end()) continue;
    report.error(fmt::format("no preset is called `{}`", name), {},
                 fmt::format("there are {}", fmt::join(known, ", ")));
  }
  if (o.max_lines < 2) report.error("`max_lines` is at least 2", {});
  if (o.max_bytes.bytes == 0 || o.max_bytes.bytes > (1u << 30))
    report.error("`max_bytes` must lie between 1 and 1GiB", {});
}

line_groups::make_rule rule_of(multiline_options o, reporter& report) {
  if (names_preset(o, "indent")) o.continued = R"(^[\t ])";
  if (o.presets.empty() || names_preset(o, "indent")) {
    return [by = compile(o, report)](const run&) -> std::unique_ptr<line_rule> {
      return std::make_unique<pattern_lines>(by);
    };
  }
  const bool all = names_preset(o, "all");
  return [machine = make_trace_machine(all ? trace_languages() : o.presets)](const run&) {
    return trace_rule(machine);
  };
}

}  // namespace

component multiline_stage() {
  return declare<multiline_options>(component::role::stage, "multiline",
                                    "Joins lines that belong together, as stack traces do.")
      .describe(
          "Stands in front of a parser. A preset knows the stack traces of a language: `java`, "
          "`csharp`, `js`, `python`, `php`, `go`, `ruby`, `rust`, `dart`; several may be named, "
          "and "
          "`all` stands for all of them. A trace belongs to the line of a logger right in front of "
          "it, one that begins with a time or a level. `indent` joins lines that begin with a "
          "blank or a tab to "
          "the one before.\n\n"
          "Otherwise patterns tell: `start` finds a line that begins a record, so that all others "
          "belong to the one before; `continue` finds a line that belongs to the one before; `end` "
          "finds the last line of a record; `unfinished` finds a line that the next one belongs "
          "to. With `start` and `continue` or `end`, lines that no start came before stand "
          "alone.\n\n"
          "Lines are joined by line feeds, and within one file only. The joined record has the "
          "place of its first line; the other lines count as joined. A record that waits longer "
          "than `timeout` for its next line goes on as it is, as it does at the end of the input "
          "and when it reaches a limit; the next line is then read as if nothing had come before "
          "it. With --state, a record that was not handed on yet is read again.")
      .option("preset", &multiline_options::presets, "Whose stack traces to join.", positional)
      .option("start", &multiline_options::start, "A pattern for the first line of a record.")
      .option("continue", &multiline_options::continued,
              "A pattern for lines that belong to the one before.")
      .option("end", &multiline_options::end, "A pattern for the last line of a record.")
      .option("unfinished", &multiline_options::unfinished,
              "A pattern for lines that the next one belongs to.")
      .option("max_lines", &multiline_options::max_lines, "A record has at most so many lines.")
      .option("max_bytes", &multiline_options::max_bytes,
              "A record ends once it has so many bytes.")
      .option("on_limit", &multiline_options::on_limit,
              "What becomes of a record at its limit: it ends there, or is rejected.",
              {.choices = {"split", "reject"}})
      .option("timeout", &multiline_options::timeout,
              "How long a record waits for its next line; 0s: for ever.")
      .example("Java's stack traces",
               "from service.log | multiline java | where message like "
               "\"%Exception%\"")
      .example("A time begins each record",
               R"(from service.log | multiline start="^[0-9]{4}-" | to count)")
      .makes([](const multiline_options& o, reporter& report) -> product {
        check(o, report);
        const group_limits limits{.lines = o.max_lines,
                                  .bytes = o.max_bytes.bytes,
                                  .rejects = o.on_limit == "reject",
                                  .timeout = o.timeout};
        return stage{.per_batch = {},
                     .whole =
                         [rule = rule_of(o, report), limits](stream in, const context& with,
                                                             const stage_id& id) {
                           return grouped(std::move(in), rule, limits, &id, &with);
                         },
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = 2 * o.max_bytes.bytes};
      });
}

}  // namespace weir
