#pragma once
#include "engine/pipeline_text.hpp"
#include "weir/diagnostic.hpp"

namespace weir {

/// Warns of words that a YAML file sets and nothing else in it names: `set: { env: prod }` reads
/// the field `prod`, and who writes it mostly means the text. The input is not looked at, so it is
/// no error.
void warn_of_bare_words(const pipeline_text& of, reporter& report);

}  // namespace weir
