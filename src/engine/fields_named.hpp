#pragma once
#include <string_view>
#include <vector>

#include "engine/field_watch.hpp"
#include "weir/component.hpp"

namespace weir {

// The fields that a step names and that are worth a word if no record has them. Those of conditions
// are another matter: see `stage::condition`.

/// Of `sort`, `top` and `keep`; of `set`, those that a text without its quotes is read as.
std::vector<named_field> fields_named_by_stage(const step_text& step);
/// Of the columns and of the name of the output.
std::vector<named_field> fields_named_by_sink(const step_text& step);

/// A name such as `web`, `web-1` or `eu-west-1`: an expression of fields and numbers, which may be
/// a text that lacks its quotes.
bool may_be_text(std::string_view expression) noexcept;

}  // namespace weir
