#pragma once
#include <optional>

#include "weir/component.hpp"

namespace weir {

/// Reads the body of a step whose grammar is `g` (not options or branches) into `step.clauses`.
/// `body` is trimmed. Reports what does not fit the grammar; expressions and fields are read by
/// their stage.
void read_clauses(grammar g, const located_text& body, step_text& step, reporter& report);

/// One `EXPR [asc|desc]` of an ordering: the key is the direction.
clause read_order(const located_text& piece);

}  // namespace weir
