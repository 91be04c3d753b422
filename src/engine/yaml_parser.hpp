#pragma once
#include <string>
#include <vector>

#include "engine/pipeline_text.hpp"
#include "engine/references.hpp"

namespace weir {

/// Reads a pipeline in its YAML form:
///
///     name: errors                          # optional: what reports call it
///     source: { file: { path: app.log } }   # or a text as behind `from`: app.log
///     steps:
///       - json                              # a step as in the text form
///       - where: level = "ERROR"
///       - batch: { records: 1000, timeout: 2s }
///     sink: { file: out.ndjson }            # or a text as behind `to`: out.ndjson
///     dead_letter: dead.ndjson
///
/// The values of `set`, `where`, `when` and `by` are expressions. `${env:X}` and `${file:P}` are
/// resolved in values, after the YAML was read, so that what they hold can change neither its
/// structure nor an expression's (see `expand_references`). Every fault is reported.
pipeline_text parse_yaml(std::string name, std::string text, const std::vector<component>& table,
                         const reference_reader& references, reporter& report);

}  // namespace weir
