#include "engine/text_parser.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "engine/clauses.hpp"
#include "engine/lookup.hpp"
#include "engine/secret_places.hpp"
#include "engine/step_cursor.hpp"

namespace weir {
namespace {

using role = component::role;

/// Branches within branches: nobody needs more, and the parser recurses.
constexpr std::size_t nesting_max = 16;

/// A recursive-descent parser over one text.
class parser : step_cursor {
 public:
  parser(std::string_view text, std::size_t base, const std::vector<component>& table,
         reporter& report)
      : step_cursor(text, base, report), table_(table) {}

  /// What a pipeline and a branch have in common: elements between `|`.
  struct chain {
    std::optional<step_text> source;
    std::vector<step_text> steps;
    std::optional<step_text> sink;
    bool ended = false;  ///< a `to` was seen, good or bad
  };

  chain read_pipeline() {
    skip_blanks();
    if (at_end())
      report_.error("the pipeline is empty", span(0, 0), "begin with `from app.log | json`");
    chain all;
    read_chain(all, true);
    // A `)` too many ends a chain early. What follows it is checked as well.
    while (!at_end()) {
      report_.error("this `)` closes nothing", span(at_, 1), "take it away, or quote it");
      ++at_;
      skip_body();
      if (at_end()) break;
      step_over_pipe();
      read_chain(all, false);
    }
    return all;
  }

  std::optional<step_text> read_lone_step() {
    skip_blanks();
    auto step = read_stage();
    expect_end();
    return step;
  }

  std::optional<step_text> read_lone_endpoint(role is) {
    const std::size_t start = at_;
    auto arguments = read_arguments(false);
    expect_end();
    return resolve_endpoint(table_, is, std::move(arguments), trimmed_span(start, at_), report_);
  }

 private:
  void expect_end() {
    skip_blanks();
    if (at_end()) return;
    report_.error("only one step may stand here", span(at_, text_.size() - at_),
                  "give each step an entry of its own");
    at_ = text_.size();
  }

  // ---- Chains ----

  /// Elements up to the end, or to a `)` that no element takes. `first`: a `from` may stand here.
  void read_chain(chain& made, bool first) {
    for (;; first = false) {
      read_element(made, first);
      if (at_end() || here() != '|') return;
      step_over_pipe();
    }
  }

  void step_over_pipe() {
    const std::size_t pipe = at_;
    if (is_at("||")) {
      report_double_pipe();
      ++at_;
    }
    ++at_;
    skip_blanks();
    if (at_end() || (here() == ')' && depth_ > 0))
      report_.error("a step is missing behind `|`", span(pipe, 1),
                    "name one, or take the `|` away");
  }

  void read_element(chain& made, bool first) {
    skip_blanks();
    if (at_end() || (here() == ')' && depth_ > 0)) return;
    if (here() == '|') {
      if (!is_at("||"))
        report_.error("a step is missing in front of `|`", span(at_, 1),
                      "name one, or take the `|` away");
      return;
    }
    const std::size_t start = at_;
    const auto word = peek_word();
    if (made.ended)
      report_.error("nothing may follow `to`", span(start, std::max<std::size_t>(word.size(), 1)),
                    "`tee (... | to A) (... | to B)` writes to two places");
    if (word == "from") return read_source(made, first, start);
    if (word == "to") return read_sink(made, start);
    if (auto step = read_stage()) made.steps.push_back(*std::move(step));
  }

  void read_source(chain& made, bool first, std::size_t start) {
    at_ += 4;
    auto arguments = read_arguments(false);
    if (!first) {
      report_.error(
          "`from` comes first in a pipeline", span(start, 4),
          depth_ > 0 ? "a branch reads what the pipeline gives it" : "take it to the front");
      return;
    }
    made.source = resolve_endpoint(table_, role::source, std::move(arguments),
                                   trimmed_span(start, at_), report_);
  }

  void read_sink(chain& made, std::size_t start) {
    at_ += 2;
    auto arguments = read_arguments(false);
    auto sink = resolve_endpoint(table_, role::sink, std::move(arguments), trimmed_span(start, at_),
                                 report_);
    if (!made.ended) made.sink = std::move(sink);
    made.ended = true;
  }

  // ---- One stage ----

  std::optional<step_text> read_stage() {
    const std::size_t start = at_;
    step_text step;
    step.name = located(at_, end_of_bareword(at_, "("));
    if (step.name.text.empty() || is_quote(step.name.text[0])) return report_no_name(start);
    at_ += step.name.text.size();
    const component* const what = find_component(table_, role::stage, step.name.text);
    if (what == nullptr) {
      report_unknown(table_, role::stage, step.name, report_);
      skip_body();
      return std::nullopt;
    }
    read_body(*what, step);
    step.where = trimmed_span(start, at_);
    return step;
  }

  std::optional<step_text> report_no_name(std::size_t start) {
    report_.error("the name of a step is missing", span(start, 1), "`weir list` shows every stage");
    skip_body();
    // A `(` that nothing introduces is not skipped by the body's end alone.
    if (at_ == start) ++at_;
    return std::nullopt;
  }

  void read_body(const component& what, step_text& step) {
    switch (what.body) {
      case grammar::options:
        step.arguments = read_arguments(false);
        break;
      case grammar::branches:
        read_branches(step);
        break;
      case grammar::ordering:
        read_ordering(what, step);
        break;
      default:
        read_clause_body(what, step);
    }
  }

  void read_clause_body(const component& what, step_text& step) {
    const auto body = read_expression();
    if (!body) return;
    if (!body->text.empty()) return read_clauses(what.body, *body, step, report_);
    report_.error(fmt::format("`{}` needs {}", what.name, what.synopsis), step.name.where,
                  fmt::format("usage: {} {}", what.name, what.synopsis));
  }

  void read_ordering(const component& what, step_text& step) {
    step.arguments = read_arguments(true);
    if (peek_word() != "by") {
      report_.error(fmt::format("`{}` needs `by`", what.name), step.name.where,
                    fmt::format("usage: {} {}", what.name, what.synopsis));
      return skip_body();
    }
    const std::size_t by = at_;
    at_ += 2;
    const auto body = read_expression();
    if (!body) return;
    if (body->text.empty())
      return report_.error("`by` names nothing", span(by, 2), "name a field: `by latency desc`");
    read_clauses(what.body, *body, step, report_);
  }

  // ---- Branches ----

  void read_branches(step_text& step) {
    for (;;) {
      skip_blanks();
      if (at_element_end()) break;
      if (here() != '(') {
        report_.error("a branch stands in brackets", trimmed_span(at_, end_of_bareword(at_, "(")),
                      fmt::format("usage: {} {}", step.name.text, branch_usage(step)));
        skip_to_branch();
        continue;
      }
      step.branches.push_back(read_branch(step));
    }
    if (step.branches.empty())
      report_.error(fmt::format("`{}` has no branches", step.name.text), step.name.where,
                    fmt::format("usage: {} {}", step.name.text, branch_usage(step)));
  }

  static std::string_view branch_usage(const step_text& step) {
    return step.name.text == "route" ? "(when EXPR | ... | to A) (else | ... | to B)"
                                     : "(... | to A) (... | to B)";
  }

  void skip_to_branch() {
    while (!at_element_end() && here() != '(') ++at_;
  }

  branch_text read_branch(const step_text& step) {
    const std::size_t start = at_++;
    if (depth_ == nesting_max) {
      report_.error("branches are nested too deeply", span(start, 1),
                    fmt::format("{} levels are the most", nesting_max));
      at_ = start;
      skip_body();
      branch_text unread;
      unread.where = trimmed_span(start, at_);
      return unread;
    }
    ++depth_;
    branch_text branch;
    if (step.name.text == "route") read_condition(branch);
    chain inside;
    read_chain(inside, false);
    --depth_;
    if (at_end())
      report_.error("this `(` is not closed", span(start, 1), "add a `)`");
    else
      ++at_;
    branch.steps = std::move(inside.steps);
    branch.sink = std::move(inside.sink);
    branch.where = trimmed_span(start, at_);
    return branch;
  }

  /// `when EXPR |` or `else |`. For `else` the text stays empty, and the span is the word's.
  void read_condition(branch_text& branch) {
    skip_blanks();
    const auto word = peek_word();
    const std::size_t start = at_;
    if (word != "when" && word != "else") {
      report_.error("a branch of `route` begins with `when` or `else`", span(start - 1, 1),
                    "usage: route (when EXPR | ... | to A) (else | ... | to B)");
      skip_body();
      if (!at_end() && here() == '|') step_over_pipe();
      return;
    }
    at_ += 4;
    if (word == "when") {
      const auto condition = read_expression();
      branch.when = condition.value_or(located_text{{}, span(start, 4)});
      if (condition && condition->text.empty())
        report_.error("`when` has no condition", span(start, 4), "usage: (when EXPR | ... | to A)");
    } else {
      branch.when.where = span(start, 4);
      skip_blanks();
      if (!at_element_end())
        report_.error("`else` takes no condition", trimmed_span(at_, end_of_bareword(at_)),
                      "usage: (else | ... | to B)");
      skip_body();
    }
    if (!at_end() && here() == '|') step_over_pipe();
  }

  const std::vector<component>& table_;
};

}  // namespace

bool check_encoding(std::string_view text, reporter& report) {
  if (text.size() > pipeline_text_max_bytes) {
    report.error("the pipeline is longer than 1 MiB", {0, 0}, "is this a pipeline, or its data?");
    return false;
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    report.error("the pipeline is not UTF-8", {0, 0}, "save it as UTF-8");
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 ? c != 0x7f : is_blank(text[i])) continue;
    report.error("a control character in the pipeline", {i, 1}, "take it away");
    return false;
  }
  return true;
}

pipeline_text parse_text(std::string name, std::string text, const std::vector<component>& table,
                         reporter& report) {
  pipeline_text made;
  made.name = std::move(name);
  made.text = std::move(text);
  if (!check_encoding(made.text, report)) return made;
  auto all = parser{made.text, 0, table, report}.read_pipeline();
  made.source = std::move(all.source);
  made.steps = std::move(all.steps);
  made.sink = std::move(all.sink);
  made.secrets = secret_places(made, table, report.ok());
  return made;
}

std::optional<step_text> parse_step(std::string_view text, std::size_t offset,
                                    const std::vector<component>& table, reporter& report) {
  return parser{text, offset, table, report}.read_lone_step();
}

std::optional<step_text> parse_endpoint(std::string_view text, std::size_t offset,
                                        component::role is, const std::vector<component>& table,
                                        reporter& report) {
  return parser{text, offset, table, report}.read_lone_endpoint(is);
}

}  // namespace weir
