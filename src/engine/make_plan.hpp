#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/pipeline_text.hpp"
#include "engine/plan.hpp"

namespace weir {

struct plan_limits {
  std::size_t memory_bytes = 256 << 20;
};

/// Binds a pipeline's steps to their components and checks it as a whole. No I/O. Nothing if
/// `report` holds an error, also an earlier one; a step in whose text a fault was found is not
/// bound, so that it is not reported twice.
std::optional<plan> make_plan(const pipeline_text& text, const std::vector<component>& table,
                              const plan_limits& limits, reporter& report);

/// The plan as canonical JSON, defaults included and secrets hidden: two pipelines that mean the
/// same give the same text, however they were spelled.
std::string plan_json(const plan& p);
/// The same with expressions as they are spaced: what states of before knew a plan by.
std::string plan_json_as_spelled(const plan& p);

/// A step as one line of the text form, with what came from `${...}` left unresolved: what reports
/// call it.
std::string spell(const pipeline_text& in, const step_text& step, grammar body);

/// The same for an expression.
std::string spell(const pipeline_text& in, const located_text& expression);

/// `text` with each run of blanks outside strings as one blank.
std::string on_one_line(std::string_view text);

}  // namespace weir
