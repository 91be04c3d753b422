#pragma once
#include <string>

#include "engine/run.hpp"

namespace weir {

/// The report as JSON, version 1: what others script against. Keys are listed in docs/report.md;
/// new ones may be added, none changes its meaning.
std::string report_json(const run_report& of);

/// What a rule is called in reports: the text of its stage.
std::string rule_name(const run_report& of, fate rule);

}  // namespace weir
