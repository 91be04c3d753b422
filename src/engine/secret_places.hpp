#pragma once
#include <vector>

#include "engine/pipeline_text.hpp"

namespace weir {

/// Where the values of secret options stand, as they were written; also those of options that no
/// component has, where it has secret ones: one of them may be misspelt. In a text that is not well
/// formed, all that follows the name of a secret option in its line, too.
std::vector<text_span> secret_places(const pipeline_text& in, const std::vector<component>& table,
                                     bool well_formed);

}  // namespace weir
