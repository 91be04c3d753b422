#include "engine/make_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "engine/diagnostics.hpp"
#include "engine/fault_place.hpp"
#include "engine/field_watch.hpp"
#include "engine/fields_named.hpp"
#include "engine/lookup.hpp"
#include "engine/plan_checks.hpp"
#include "expr/program.hpp"
#include "net/http.hpp"
#include "sink/spool.hpp"

namespace weir {
namespace {

using role = component::role;

class planner {
 public:
  planner(const pipeline_text& text, const std::vector<component>& table, reporter& report)
      : text_(text), table_(table), report_(report), checks_(report) {}

  void make(const plan_limits& limits, plan& made) {
    plan_source(made);
    flow records{
        .source = made.source_name, .endless = made.from && made.from->endless(), .parser = {}};
    const step_text standard_sink = standard_endpoint(table_, role::sink, {});
    made.root = plan_section(text_.steps, text_.sink ? &*text_.sink : nullptr, records);
    section& last = last_of(made.root);
    if (!last.split && !text_.sink) plan_sink(standard_sink, last);
    made.dead_letter = plan_dead_letter();
    made.rules = std::move(rules_);
    checks_.finish(limits.memory_bytes);
  }

 private:
  /// Binds a step. Empty if that failed, which was reported.
  std::optional<bound> bind(const step_text& step, role is) {
    const component* const what = find_component(table_, is, step.name.text);
    if (what == nullptr) report_unknown(table_, is, step.name, report_);
    if (what == nullptr || has_fault(step.where)) return std::nullopt;
    // A reporter of its own: a component asks it whether *its* options are all right.
    reporter own;
    auto made = what->bind(step, own);
    for (const diagnostic& d : own.found()) {
      const text_span where = d.where == text_span{} ? place_of_fault(step, d.message) : d.where;
      if (d.warning)
        report_.warn(d.message, where, d.hint);
      else
        report_.error(d.message, where, d.hint);
    }
    return made;
  }

  /// Whether something in there was complained about already.
  bool has_fault(text_span where) const {
    return std::ranges::any_of(report_.found(), [&](const diagnostic& d) {
      const std::size_t at = span_in_file(text_, d.where).offset;
      return !d.warning && at >= where.offset && at < where.offset + where.length;
    });
  }

  grammar grammar_of(const step_text& step) const {
    const component* const what = find_component(table_, role::stage, step.name.text);
    return what == nullptr ? grammar::options : what->body;
  }

  /// What follows the component's name, without what is secret.
  std::string spell_rest(const step_text& step, role is) const {
    step_text shown = step;
    if (const auto* const what = find_component(table_, is, step.name.text)) {
      hide(what->options, shown);
      name_first(what->options, shown);
    }
    const auto all = spell(text_, shown, grammar::options);
    return all.substr(std::min(step.name.text.size() + 1, all.size()));
  }

  /// As `to sqlite:app.db` has it, however the step was written: first where the records are, with
  /// a scheme and without the option's name.
  static void name_first(const std::vector<option_spec>& specs, step_text& step) {
    const auto main = std::ranges::find_if(specs, &option_spec::positional);
    if (main == specs.end() || main->many) return;
    auto& all = step.arguments;
    const auto given = std::ranges::find_if(
        all, [&](const argument& a) { return a.name.text.empty() || a.name.text == main->name; });
    if (given == all.end()) return;
    std::rotate(all.begin(), given, given + 1);
    argument& first = all.front();
    first.name.text.clear();
    const bool has_scheme =
        first.value.text.contains("://") || first.value.text.starts_with(step.name.text + ":");
    if (main->scheme && !has_scheme) first.value.text.insert(0, step.name.text + ":");
  }

  static void hide(const std::vector<option_spec>& specs, step_text& step) {
    auto next = std::ranges::find_if(specs, &option_spec::positional);
    for (argument& a : step.arguments) {
      const bool named = !a.name.text.empty();
      const auto spec = named ? std::ranges::find(specs, a.name.text, &option_spec::name) : next;
      if (spec == specs.end()) continue;
      if (spec->type == "secret") a.value = {"***", {}};
      if (spec->type == "url") a.value.text = shown_url(a.value.text);
      if (!named && !spec->many)
        next = std::find_if(next + 1, specs.end(), std::mem_fn(&option_spec::positional));
    }
  }

  void plan_source(plan& made) {
    const auto step = text_.source ? *text_.source : standard_endpoint(table_, role::source, {});
    auto it = bind(step, role::source);
    made.source_name = step.name.text;
    if (!it) return;
    made.source_text = spell_rest(step, role::source);
    made.from = std::move(std::get<std::unique_ptr<source>>(it->made));
    made.source_options = std::move(it->options);
    if (made.from) checks_.begin(step, *made.from);
  }

  void plan_sink(const step_text& step, section& into) {
    auto it = bind(step, role::sink);
    if (!it) return;
    std::string written = spell_rest(step, role::sink);
    into.sink = {.name = step.name.text,
                 .text = written.empty() ? step.name.text : std::move(written),
                 .made = std::move(std::get<std::unique_ptr<sink>>(it->made)),
                 .options = std::move(it->options),
                 .watch = watch_fields(fields_named_by_sink(step))};
  }

  std::string plan_dead_letter() {
    if (!text_.dead_letter) return {};
    const step_text& step = *text_.dead_letter;
    if (step.name.text == "file" && step.arguments.size() == 1) return step.arguments[0].value.text;
    report_.error("the dead letter goes to a file", step.where, "write `dead_letter: dead.ndjson`");
    return {};
  }

  section plan_section(std::span<const step_text> steps, const step_text* last, flow records) {
    section made;
    const step_text* split = nullptr;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const step_text& step = steps[i];
      if (split != nullptr) report_after_split(*split, step.where);
      if (grammar_of(step) != grammar::branches) {
        plan_stage(step, records, made);
        if (!made.spool) continue;
        made.spool->rest = plan_section(steps.subspan(i + 1), last, records);
        return made;
      }
      split = &step;
      made.split = plan_split(step, records);
    }
    if (last != nullptr && split != nullptr) report_after_split(*split, last->where);
    if (last != nullptr && split == nullptr) plan_sink(*last, made);
    return made;
  }

  void report_after_split(const step_text& split, text_span where) {
    report_.error(fmt::format("nothing may follow `{}`", split.name.text), where,
                  "put it in front, or into each branch");
  }

  void plan_stage(const step_text& step, flow& records, section& into) {
    auto it = bind(step, role::stage);
    if (it && std::holds_alternative<std::unique_ptr<sink>>(it->made))
      return plan_spool(step, std::move(*it), records, into);
    checks_.pass(step, it ? &std::get<stage>(it->made) : nullptr, records);
    if (!it) return;
    auto name = spell(text_, step, grammar_of(step));
    const auto rule = static_cast<fate>(first_rule + rules_.size());
    rules_.push_back(name);
    stage made = std::move(std::get<stage>(it->made));
    std::shared_ptr<field_watch> watch;
    if (made.condition) {
      watch = watch_fields(made.condition->fields);
      if (watch) made = watched_filter(std::move(made), watch);
    } else {
      watch = watch_fields(fields_named_by_stage(step));
      if (watch) made = watched(std::move(made), watch);
    }
    into.stages.push_back({.name = step.name.text,
                           .id = std::make_shared<const stage_id>(rule, std::move(name)),
                           .made = std::move(made),
                           .options = std::move(it->options),
                           .clauses = step.clauses,
                           .watch = std::move(watch)});
  }

  /// A stage that is made as a sink is a spool.
  void plan_spool(const step_text& step, bound it, flow& records, section& into) {
    checks_.pass_spool(step, records);
    auto made = std::move(std::get<std::unique_ptr<sink>>(it.made));
    const auto& spool = dynamic_cast<const spool_sink&>(*made);
    into.spool = std::make_unique<planned_spool>(planned_spool{.queue = spool.queue(), .rest = {}});
    into.sink = {.name = step.name.text,
                 .text = spool.name(),
                 .made = std::move(made),
                 .options = std::move(it.options)};
  }

  static section& last_of(section& of) { return of.spool ? last_of(of.spool->rest) : of; }

  std::unique_ptr<planned_split> plan_split(const step_text& step, const flow& records) {
    auto made = std::make_unique<planned_split>();
    made->route = step.name.text == "route";
    if (made->route) check_conditions(step);
    for (const branch_text& branch : step.branches)
      made->branches.push_back(
          plan_branch(branch, made->branches.size() + 1, made->route, records));
    return made;
  }

  planned_branch plan_branch(const branch_text& branch, std::size_t number, bool route,
                             flow records) {
    planned_branch made;
    made.name = route ? "else" : fmt::format("{}", number);
    if (!branch.when.text.empty()) {
      made.name = spell(text_, branch.when);
      if (const auto condition = compile_condition(branch.when)) {
        const condition_fields asked = expr::fields_of(*condition, branch.when.where);
        checks_.meet(asked, records);
        const auto watch = watch_fields(asked.fields);
        made.takes = taking(*condition, watch);
        made.watch = watch;
      }
    }
    records.in_branch = true;
    records.as_read = false;
    made.rest = plan_section(branch.steps, branch.sink ? &*branch.sink : nullptr, records);
    if (!branch.sink && !last_of(made.rest).split && !has_fault(branch.where))
      report_.error("this branch has no sink", {branch.where.offset, 1},
                    "a branch ends with a sink of its own");
    return made;
  }

  std::optional<expr::program> compile_condition(const located_text& when) {
    if (has_fault({when.where.offset, std::max<std::size_t>(1, when.where.length)})) return {};
    return expr::compile_condition(when, report_);
  }

  /// Whether a record is taken. A route asks from one thread.
  static std::function<bool(const record&, std::int64_t)> taking(
      expr::program condition, std::shared_ptr<field_watch> watch) {
    return
        [condition = std::move(condition), watch = std::move(watch),
         s = std::shared_ptr<expr::scratch>()](const record& r, std::int64_t started_ns) mutable {
          if (!s) s = std::make_shared<expr::scratch>(started_ns);
          const bool takes = condition.test(r, *s) == expr::truth::yes;
          if (watch && watch->open()) takes ? watch->close() : watch->look(r);
          return takes;
        };
  }

  void check_conditions(const step_text& step) {
    if (step.branches.empty() || has_fault(step.where)) return;
    for (const branch_text& b : step.branches) {
      const bool last = &b == &step.branches.back();
      if (!last && b.when.text.empty())
        report_.error("`else` comes last", b.when.where, "no branch behind it gets a record");
      if (last && !b.when.text.empty())
        report_.error("`route` needs an `else`", step.name.where,
                      "add a last branch without a condition: `(else | to null)`");
    }
  }

  const pipeline_text& text_;
  const std::vector<component>& table_;
  reporter& report_;
  plan_checks checks_;
  std::vector<std::string> rules_;
};

}  // namespace

std::optional<plan> make_plan(const pipeline_text& text, const std::vector<component>& table,
                              const plan_limits& limits, reporter& report) {
  plan made;
  planner{text, table, report}.make(limits, made);
  if (!report.ok()) return std::nullopt;
  return made;
}

}  // namespace weir
