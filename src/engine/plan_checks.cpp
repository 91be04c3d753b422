#include "engine/plan_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace weir {
namespace {

/// A line as it was read has one field. Empty if the condition names no other.
std::string field_of_no_line(const std::vector<field_path>& all) {
  for (const field_path& p : all) {
    if (p.segments[0].name != "message") return p.segments[0].name;
  }
  return {};
}

/// They hold the lines of each shard by themselves, and let the spool's own progress pass.
constexpr std::array<std::string_view, 2> line_joiners{"container", "multiline"};

}  // namespace

void plan_checks::meet(const condition_fields& condition, const flow& records) {
  if (records.given_fields) return;
  if (records.have_no_level && condition.level)
    report_.warn(fmt::format("`{}` gives no level, so this is never true", records.parser),
                 condition.where, "`status` may be what you look for");
  if (!records.parser.empty()) return;
  std::string name = field_of_no_line(condition.fields);
  if (name.empty() && condition.level) name = "level";
  if (name.empty()) return;
  report_.warn(
      fmt::format("nothing in front of this makes fields of the lines, so `{}` is missing", name),
      condition.where, "put a parser in front of it, such as `json`");
}

void plan_checks::begin(const step_text& step, const source& bound) {
  hold(bound.holds_min_bytes(), step.where, "lower `max_line`");
}

void plan_checks::pass(const step_text& step, const stage* bound, flow& records) {
  if (bound == nullptr) {
    // It may have been meant as a `head`: no complaints that it would have answered.
    records.endless = false;
    return;
  }
  if (bound->parser && !records.parser.empty())
    report_.error(fmt::format("`{}` gets records that `{}` has parsed already", step.name.text,
                              records.parser),
                  step.where, "one parser is enough: take one of them away");
  const bool cuts = bound->cut_by && bound->cut_by->how != framing::by::content;
  if (cuts && !records.as_read)
    report_.error(fmt::format("`{}` says how the source cuts its records", step.name.text),
                  step.where, "put it right behind the source");
  records.as_read = false;
  if (bound->needs_end && records.endless)
    report_.error(
        fmt::format("`{}` needs an end, but `{}` has none", step.name.text, records.source),
        step.where, "put `head N` in front of it, or read something that ends");
  if (bound->needs_thread && records.in_branch)
    report_.error(fmt::format("`{}` cannot stand in a branch", step.name.text), step.where,
                  "put it in front of the split");
  if (records.behind_spool) check_behind_spool(step, *bound);
  if (bound->condition) meet(*bound->condition, records);
  if (bound->gives_fields) records.given_fields = true;
  if (bound->parser) records.parser = step.name.text;
  if (bound->gives_no_level) records.have_no_level = true;
  if (bound->makes_end) records.endless = false;
  if (bound->needs_end) records.out_of_order = true;
  hold(bound->holds_min_bytes, step.where, "take this step away");
}

void plan_checks::check_behind_spool(const step_text& step, const stage& bound) {
  if (!bound.parser && std::ranges::find(line_joiners, step.name.text) == line_joiners.end())
    return;
  report_.error(fmt::format("`{}` cannot stand behind a spool", step.name.text), step.where,
                "put it in front of the spool");
}

void plan_checks::pass_spool(const step_text& step, flow& records) {
  if (records.out_of_order)
    report_.error("a spool keeps records in the order of their shards, which these have lost",
                  step.where, "put it in front of `sort` and `top`");
  records.behind_spool = true;
  records.in_branch = false;
  records.as_read = false;
}

void plan_checks::hold(std::size_t bytes, text_span by, std::string_view or_else) {
  holds_bytes_ += bytes;
  if (bytes <= largest_bytes_) return;
  largest_bytes_ = bytes;
  largest_ = by;
  or_else_ = or_else;
}

void plan_checks::finish(std::size_t memory_bytes) {
  if (holds_bytes_ <= memory_bytes) return;
  report_.error(fmt::format("the plan holds at least {} at a time, the memory budget is {}",
                            show(byte_size{holds_bytes_}), show(byte_size{memory_bytes})),
                largest_, fmt::format("raise `--memory`, or {}", or_else_));
}

}  // namespace weir
