#include "engine/plan_checks.hpp"

#include <fmt/format.h>

namespace weir {

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
  if (bound->needs_end && records.endless)
    report_.error(
        fmt::format("`{}` needs an end, but `{}` has none", step.name.text, records.source),
        step.where, "put `head N` in front of it, or read something that ends");
  if (bound->needs_thread && records.in_branch)
    report_.error(fmt::format("`{}` cannot stand in a branch", step.name.text), step.where,
                  "put it in front of the split");
  if (bound->parser) records.parser = step.name.text;
  if (bound->makes_end) records.endless = false;
  holds_bytes_ += bound->holds_min_bytes;
  if (bound->holds_min_bytes <= largest_bytes_) return;
  largest_bytes_ = bound->holds_min_bytes;
  largest_ = step.where;
}

void plan_checks::finish(std::size_t memory_bytes) {
  if (holds_bytes_ <= memory_bytes) return;
  report_.error(fmt::format("the plan holds at least {} at a time, the memory budget is {}",
                            show(byte_size{holds_bytes_}), show(byte_size{memory_bytes})),
                largest_, "raise `--memory`, or take this step away");
}

}  // namespace weir
