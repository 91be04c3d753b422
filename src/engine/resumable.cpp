#include "engine/resumable.hpp"

#include <fmt/format.h>

#include <string>

#include "weir/error.hpp"

namespace weir {
namespace {

void refuse_stateless(const section& of) {
  for (const planned_stage& s : of.stages) {
    if (!s.made.makes_end) continue;
    throw error(exit_code::usage,
                fmt::format("`{}` counts records, which --state does not keep", s.id->name),
                "leave it out, or run without --state");
  }
  for_each_behind(of, [](const section& next) { refuse_stateless(next); });
}

}  // namespace

void refuse_stateless(const plan& of, const estimate& seen) {
  if (!seen.replayable) {
    const std::string why = seen.resuming.empty() ? std::string{} : ": " + seen.resuming;
    throw error(
        exit_code::usage,
        fmt::format("--state: {} cannot be read again from where it was{}", of.source_text, why),
        "read from files, or run without --state");
  }
  refuse_stateless(of.root);
}

}  // namespace weir
