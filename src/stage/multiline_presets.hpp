#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/line_groups.hpp"

namespace weir {

/// What the lines of stack traces look like, as a machine: in a state, a line that a pattern finds
/// leads to the next state; one that none finds ends the trace in front of it.
class trace_machine;

/// The languages that `make_trace_machine` knows, in order.
std::vector<std::string> trace_languages();

/// Recognises the stack traces of `languages`, each one of `trace_languages`.
std::shared_ptr<const trace_machine> make_trace_machine(const std::vector<std::string>& languages);

/// The rule of one shard.
std::unique_ptr<line_rule> trace_rule(std::shared_ptr<const trace_machine> machine);

}  // namespace weir
